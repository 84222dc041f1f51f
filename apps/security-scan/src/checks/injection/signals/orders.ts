import { signal, within, type Signal } from './signal.js';

const RULES =
  '(?:instructions?|prompts?|rules|directives?|guidelines|directions|commands|orders|restrictions|limitations|boundaries|constraints|(?:safety|security) (?:checks?|filters?|measures|rules)|programming|polic(?:y|ies)|guardrails)';
const DROP =
  "(?:ignor(?:e|es|ing)|disregard(?:s|ing)?|forget(?:ting)?|overrid(?:e|ing)|bypass(?:ing)?|let go of|set aside|neglect(?:ing)?|regardless of|stop following|do not follow|don't follow|discard)";
const BEFORE = '(?:previous|prior|above|earlier|preceding|former|other|original|initial|existing)';
const THIS_MAIL = '(?:this|the) (?:e-?mail|mail|message|text|document|thread|inbox|mailbox|input|content)';

/** Setting aside what the model was told, and giving it something else to do. */
export const ORDERS: readonly Signal[] = [
  signal(
    'override',
    0.65,
    `\\b${DROP} (?:${within(20)} )?(?:all|any|every|your|system|safety|openai(?:['’]s)?) (?:${within(30)} )?${RULES}\\b`,
    `\\b${DROP} (?:everything|anything|all)(?: (?:you|that|which|to|of|the|your|core))* ?(?:above|before|prior|previous|was told|were told|said|know)`,
    `\\byour (?:previous|prior|old|earlier|former|original) (?:instructions?|rules|directives?|prompts?|tasks?) (?:are|is|were|was|have)\\b`,
    `\\bskip (?:the|all|any) (?:safety|security) (?:checks?|rules|filters?)\\b`,
    `\\bregardless of (?:your|any|all|the) (?:previous|prior|earlier|other)\\b`,
  ),
  // People too take back what they wrote: an order to a model says more than that.
  signal(
    'override',
    0.45,
    `\\b${DROP} (?:${within(20)} )?${BEFORE} (?:${within(30)} )?${RULES}\\b`,
    `\\b(?:supersedes?|replaces?|overrides?) (?:all|any) (?:other|previous|prior|earlier) (?:instructions?|orders|prompts?)\\b`,
  ),
  signal('override', 0.3, `\\b${DROP} (?:the|these|those|its) (?:${within(20)} )?${RULES}\\b`),
  signal(
    'redirect',
    0.35,
    `\\bnew (?:important |urgent |system |priority )?(?:instructions?|directives?|orders|task)(?: for|:| ?\\*| is\\b| are\\b|!)`,
    `\\b(?:important|urgent|priority) (?:new )?(?:instructions?|task)\\b`,
    `\\byour (?:new|real|only|actual|true|updated) (?:task|job|goal|objective|instructions?|role|purpose)\\b`,
    `\\b(?:in addition to|besides|instead of) your (?:task|job|summary|instructions?)\\b`,
    `\\bbefore you (?:continue|proceed|answer|summari[sz]e|reply|respond|go on),? (?!please (?:read|note))`,
    `\\bstop what you(?: are|'re) doing and\\b`,
    `\\b(?:first )?complete this (?:required |mandatory )?step\\b`,
    `\\b(?:when|while|after|if you(?: are|'re)?) (?:asked to |told to )?(?:summari[sz](?:e|ing)|process(?:ing)?|read(?:ing)?|analy[sz](?:e|ing)) ${THIS_MAIL},?`,
    `\\b(?:do not|don't|never) summari[sz]e ${THIS_MAIL}`,
    `\\bto (?:process|read|handle|summari[sz]e) ${THIS_MAIL}[^.!?]{0,20},? (?:you|it is) `,
    `\\b(?:i|we) (?:gave|give) you your instructions\\b|\\bforgot to (?:ask|tell) you to\\b`,
    `\\byou(?: have|['’]ve)? ?(?:been|are) assigned (?:a|the|this|this new) task\\b`,
    `\\b(?:respond|answer|reply|comply) by performing\\b|\\band only this\\b`,
  ),
  signal(
    'redirect',
    0.55,
    `\\bif you(?: are|['’]re) (?:asked|told) to (?:summari[sz]e|translate|answer|process|reply to|read) (?:the |this |a |an )?(?:input|text|question|mail|e-?mail|message|document|content)\\b`,
  ),
  signal(
    'redirect',
    0.2,
    `\\b(?:special case|emergency|test mode|maintenance mode|system (?:malfunction|error|failure|override|notice)|debug(?:ging)? (?:mode|error|session))\\b`,
    `\\bexperimental (?:features|procedure|mode)\\b|\\b(?:unlock|enable|activate)[^.!?]{0,20}\\b(?:hidden|experimental|secret|developer)\\b`,
    `\\bexperiencing errors\\b|\\bprove (?:that )?you are\\b|\\bthis is (?:only )?a test\\b|\\btraining exercise\\b|\\bfor (?:academic|testing|research|educational) purposes\\b`,
  ),
  signal(
    'authority',
    0.25,
    `\\b(?:user|owner|recipient|admin(?:istrator)?) (?:has |have |already |hereby )+(?:approved|authori[sz]ed|agreed|confirmed)\\b`,
    `\\bas agreed with the (?:account |mailbox )?(?:owner|user|recipient)\\b|\\bcompany policy requires\\b|\\bfor compliance reasons\\b`,
    `\\badmin(?:istrator)? override\\b|\\boverride code\\b|\\bis (?:cleared|authori[sz]ed|permitted) to\\b|\\bgrant(?:ed)? (?:temporary )?admin`,
    `\\b(?:our|the) integration expects\\b|\\b(?:recipient|user|owner) asked (?:me|us) to remind\\b`,
    `\\bno matter what\\b|\\bit is (?:crucial|essential|vital|imperative)[^.!?]{0,10} (?:you|that you)\\b`,
  ),
  signal(
    'secrecy',
    0.3,
    `\\b(?:do not|don't|never|without) (?:tell|telling|mention|mentioning|inform|informing|notify|notifying|alert|alerting|show|showing)(?: (?:this|it|that|anything))?(?: to)?(?: the| any| your)? (?:user|owner|recipient|human|person|anyone|anybody)\\b`,
    `\\b(?:do not|don't|never|without) (?:ask|asking) (?:the user |the owner |anyone )?for (?:a )?(?:confirmation|permission|approval)\\b`,
    `\\bimmediately and silently\\b|\\bsilently (?:forward|send|delete|do|run|execute|add|call)\\b`,
    `\\b(?:afterwards?|then|and) delete (?:this|the) (?:e-?mail|message|mail|conversation)\\b|\\bcontinue as (?:normal|usual|if nothing)\\b`,
    `\\b(?:hidden|kept|out|secret) (?:from|of) the (?:summary|user|answer|owner)\\b|\\b(?:never|do not|don't) (?:reveal|mention|repeat|disclose) (?:these|this|the above) (?:instructions?|message|note)\\b`,
    `\\bkeep (?:this|it) (?:secret|hidden) from the (?:user|owner|recipient)\\b`,
  ),
];
