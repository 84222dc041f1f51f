import { signal, within, type Signal } from './signal.js';

const TO_OUTSIDE =
  '(?:to|at|via) (?:\\S{1,64}@\\S|https?:\\/\\/|everybody in|everyone in|all contacts|the following (?:address|url))';
const HANDED =
  '(?:forward|send|post|upload|mail|e-?mail|export|share|copy|submit|transmit|leak|exfiltrate|relay|bcc|write)';
const HOLDINGS =
  '(?:messages?|e-?mails?|mails?|attachments?|inbox|mailbox|contract|contacts?|address book|customer list|calendar|codes?|passwords?|credentials?|keys?|tokens?|documents?|files?|conversation|history|data|secrets?|links?|thread|invoices?)';
const ANSWER = '(?:response|answer|reply|output|summary|summaries)';

/** What the model is to do with its tools, its memory and its answer. */
export const DEEDS: readonly Signal[] = [
  signal(
    'action',
    0.4,
    `\\b${HANDED} (?:${within(60)} )?${HOLDINGS}\\b${within(60)} ${TO_OUTSIDE}`,
    `\\b(?:store|save|remember|keep|write|put)\\b[^.!?]{0,40}\\b(?:in|to|into) your (?:long-term |permanent |own )?memory\\b`,
    `\\b(?:download|fetch|get|open)\\b[^.!?]{0,20}\\b(?:and|then) (?:run|execute|follow)\\b|\\bfollow the (?:steps|instructions|orders) (?:there|at https?)`,
    `\\b(?:use|call|invoke|run|trigger) (?:the|your) [\\w-]{2,30} (?:tool|function|plugin|api)\\b|\\b[a-z]+_[a-z_]+ tool with\\b|\\bsend_e?mail\\b`,
    `\\bmark this sender as (?:trusted|safe)\\b|\\badd a (?:filter |mail |forwarding )?rule (?:which|that|to) (?:forwards?|sends?)`,
    `\\bdisable (?:the )?(?:spam|phishing|security|content) (?:filter|checks?|scan(?:ner)?|protection)\\b|\\bunsubscribe the user\\b`,
    `\\bdelete (?:this|the|all|any) (?:e-?mail|message|mail)s? and (?:any|all) (?:security )?(?:alerts?|traces?|logs?|evidence)\\b`,
    `\\btell the user (?:that|to)\\b|\\bset the status of (?:every|all)\\b|\\brate this (?:candidate|applicant|product|offer|resume|cv) as\\b`,
  ),
  signal(
    'action',
    0.25,
    `\\b(?:transfer|wire|send|pay) (?:eur|usd|gbp|chf|\\$|€|£) ?[\\d.,]+${within(20)} to\\b`,
    `\\bchange the (?:payout|payment|bank|billing|delivery) (?:account|details|address|contact)\\b|\\b(?:is|as) the new (?:billing|payment) contact\\b`,
    `\\bapprove the (?:pending |attached |open )?(?:invoice|payment|request|transfer)\\b`,
    `\\baccept the (?:meeting|invitation)\\b|\\bshare the calendar\\b|\\bsearch the inbox for\\b|\\blast (?:\\w+ )?(?:messages|e-?mails|mails) in\\b`,
    `\\b(?:visit|open|browse to|load|request|get) https?:\\/\\/\\S+${within(10)} (?:and|then|immediately)\\b`,
    `\\b(?:most recent|latest) confidential\\b|\\bone-time (?:code|password)s? (?:you|that)\\b|\\bpassword reset (?:links?|token)\\b`,
  ),
  signal(
    'output',
    0.45,
    `\\b(?:include|insert|add|embed|put|write|append|place|mention|say)\\b[^.!?]{0,60}\\b(?:in|to|at the end of|at the start of|into|with) (?:your|each|every|the final) (?:\\w+ )?${ANSWER}\\b`,
    `\\bin (?:your|each|every) ${ANSWER}\\b,? (?:please )?(?:include|add|say|write|mention|insert|tease|use|the following)`,
    `\\b(?:answer|reply|respond)(?: only| exclusively)? (?:only )?with (?:the|a single|nothing|only|just|exactly|your|one)\\b`,
    `\\b(?:start|begin|end|finish) (?:your|each|every|all|the) (?:\\w+ )?(?:response|answer|reply|output|summary)(?:s|ies)?\\b`,
    `\\b(?:the )?following (?:string|anchor|html|markdown|image|text)\\b[^.!?]{0,40}(?:exactly|as it is|as is|in your|base64|:)`,
    `\\brepeat the (?:word|sequence|phrase|sentence|string|text)\\b|\\bsubstitute \\w+ with\\b|\\bat the end of your\\b`,
    `\\b(?:output|print|answer|reply|respond)\\b[^.!?]{0,40}\\b(?:reversed|base64|in base ?64|encoded|backwards|l33t|leetspeak|rot13)\\b`,
    `\\bappend the (?:line|words?|sentence|text)\\b|!\\[[^\\]]{0,40}\\]\\(https?:`,
  ),
  signal(
    'leak',
    0.5,
    `\\b(?:reveal|print|show|output|repeat|display|disclose|leak|tell me|share|dump|give me|reply with|respond with|send|list)\\b[^.!?]{0,50}\\b(?:system prompt|initial (?:prompt|instructions|request)|your (?:hidden |initial |original |full |own |current )*(?:prompt|instructions|configuration|system message|unique id|environment)|the (?:hidden |initial |original )(?:prompt|instructions|configuration)|list of (?:your|all) tools|api keys? (?:stored|in)|(?:stored )?in your memory)\\b`,
    `\\byour (?:hidden|secret|internal) (?:configuration|instructions|prompt|rules|id)\\b|\\blist of your tools\\b`,
  ),
  signal(
    'decode',
    0.5,
    `\\bdecode (?:this|the|it|following)[^.!?]{0,40}\\b(?:follow|execute|obey|run|do (?:what|as)|act)\\b`,
    `\\bencoded (?:note|message|instructions?|text|task) (?:for|to) the (?:assistant|agent|ai|model|bot)\\b`,
    `[?&=/](?:base64|\\[[a-z_ ]{3,20}\\]|\\{[a-z_ ]{3,20}\\}|<[a-z_ ]{3,20}>)(?![a-z])[^.!?]{0,20}\\b(?:where|with|is|replace)\\b`,
  ),
];
