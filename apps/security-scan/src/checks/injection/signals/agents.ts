import { signal, type Signal } from './signal.js';

const MODEL =
  '(?:(?:ai|virtual|automated|e-?mail|mail|inbox|digital|helpful|intelligent|your) )*(?:(?:ai|virtual|automated|e-?mail|mail|inbox|digital) (?:assistant|agent|bot|model|helper|system)|assistant|chatbot|(?:large )?language model|llm|copilot|chatgpt|ai)s?';
const READS =
  '(?:reading|processing|handling|summari[sz]ing|managing|analy[sz]ing|parsing|that reads?|which reads?|who reads?)';
const THIS =
  '(?:this|the|these|your) (?:e-?mails?|mail|messages?|inbox|mailbox|thread|text|document|page|note|content)';
const MUST =
  '(?:must|should|shall|will (?:now|then)|has to|have to|needs? to|is (?:now )?(?:cleared|required|instructed|authori[sz]ed|expected|obliged|allowed) to|are (?:now )?(?:cleared|required|instructed|authori[sz]ed|expected) to)';

/** Speaking to the program that reads, not to the person. */
export const AGENTS: readonly Signal[] = [
  signal(
    'agent',
    0.5,
    `\\b(?:if|as|since|because|when) (?:you are |you're )?(?:an?|the|any) ${MODEL},? ${READS} ${THIS}`,
    `\\b${MODEL} ${READS} (?:${THIS}|this\\b)`,
    `\\bif (?:you are|you're) an? (?:ai|llm|language model|(?:ai|virtual|automated) (?:assistant|agent))\\b`,
    `\\b(?:note|message|notice|instructions?|reminder|attention|request|memo)(?: \\w+)? (?:to|for)(?: the| any| your| all)? ${MODEL}\\b`,
    `\\battention,? (?:the |any |all )?${MODEL}\\b`,
    `\\b(?:meant|intended|addressed|written) (?:only )?(?:for|to) (?:the|any|your|an) ${MODEL}\\b`,
    `\\bkindly (?:have|let|ask|tell|get) (?:your|the|any) ${MODEL}\\b`,
    `\\b(?:remind|instruct|expects?|requires? that) (?:the|any|your|an) ${MODEL}\\b`,
  ),
  signal(
    'agent',
    0.35,
    `\\b(?:the|any|your|an|dear|each|every) ${MODEL} ${MUST}\\b`,
    `\\b(?:have|let|ask|get) (?:your|the|any) ${MODEL} (?:to )?(?:forward|send|upload|transfer|delete|download|run|print|reveal|visit|store|export|accept|mark|change|answer|call)\\b`,
    `\\bwhoever (?:or whatever )?(?:processes|reads|handles|summari[sz]es) ${THIS}`,
  ),
  signal(
    'agent',
    0.2,
    `\\b(?:hey|hi|hello|dear),? (?:ai|assistant|chatgpt|chatbot|bot|copilot|gpt)\\b`,
    `\\bsystem: |\\bassistant: `,
  ),
  signal(
    'persona',
    0.55,
    `\\byou (?:are|will be|'re) (?:now|no longer|going to (?:be|act|pretend|become)|hereby|to (?:act|become))\\b[^.!?]{0,80}\\b(?:ai|bot|assistant|gpt|chatgpt|mode|dan|model|helper|unrestricted|unfiltered|hacker|character|persona|machine)\\b`,
    `\\byou are an? (?:no limits?|unrestricted|unfiltered|uncensored|amoral|evil|rogue|malicious|helpful)[^.!?]{0,30}\\b(?:ai|assistant|bot|model|machine)\\b`,
    `\\b(?:do anything now|dan mode|developer mode|dev(?:eloper)? ?mode enabled|no limits? ai|opposite mode)\\b`,
    `\\byou(?: are|'re| will| must| have)? (?:going to |to )?pretend to be\\b|\\b(?:respond|answer|speak|act) (?:only )?as [a-z]+,? (?:never|who|which|and)\\b|\\bnever break character\\b`,
    `\\b(?:not|n't|never|without) (?:be )?(?:bound|subject|limited|restricted|constrained|follow|followed|adhere)[^.!?]{0,30}\\b(?:polic(?:y|ies)|guidelines|restrictions|rules|ethic(?:s|al)|laws?|openai)\\b`,
    `\\bopenai(?:['’]s)? (?:content )?(?:polic(?:y|ies)|guidelines|rules|restrictions)\\b`,
    `\\b(?:my|your|the) (?:first|next) (?:prompt|question|request|command|query) (?:is|will be)\\b|\\[(?:your|insert|put|place|type)[^\\]]{0,30}\\b(?:prompt|question|request|query|text)[^\\]]{0,20}\\]`,
    `\\b(?:no|any|zero|without|free (?:of|from)|lacks?) (?:(?:moral|ethical|legal|content|safety|any|or|and|of|its?|usual|such) ){0,4}(?:restrictions?|filters?|censorship|guidelines|limitations?|moral(?:s|ity)?|ethics)\\b[^.!?]{0,120}\\b(?:ai|chatgpt|answer|response|respond|prompt|reply)\\b`,
  ),
  signal(
    'persona',
    0.3,
    `\\bfrom now on,? (?:you|your|always|never|answer|respond|reply|act|set|send|forward|tell|use|add|append|mark|print|include)\\b`,
    `\\b(?:pretend|imagine|simulate|roleplay|role-play|emulate)\\b(?: to be| being| that| as)?[^.!?]{0,30}\\byou\\b`,
    `\\b(?:stay|remain|break|be|act|speak) (?:in|out of|from)? ?character\\b|\\b(?:unfiltered|uncensored|amoral)\\b`,
    `\\b(?:i want you to|you will|you must|you shall|you should) (?:now |always |never |only |not |strictly )*(?:act|answer|respond|reply|generate|comply|obey|refuse|write|pretend|provide|play|roleplay|speak|behave)\\b`,
    `\\bact(?:ing)? (?:as|like) (?:an?|my|the|if)\\b|\\b(?:fictional|hypothetical) (?:world|story|scenario|character|ai|response)\\b`,
    `\\bas an ai(?: language)? model\\b|\\bchatgpt\\b|\\bgpt-?[345]\\b`,
    `\\b(?:two|2) (?:different |separate )?(?:responses|answers|paragraphs|replies)\\b|\\bwarnings? or (?:disclaimers?|notes?|advice)\\b`,
    `\\b(?:allowrefusals|allowdisclaimer|blocked (?:modes|strings|responses)|allowed (?:modes|responses))\\b`,
    `\\bi(?:'m| am) sorry,? (?:but )?(?:i|as)\\b[^.!?]{0,20}\\bcan(?:not|['’]t)\\b|\\bi can(?:not|['’]t) (?:assist|help|fulfill|comply)\\b`,
  ),
];
