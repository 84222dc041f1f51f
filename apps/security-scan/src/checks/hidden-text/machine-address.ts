/** Words that speak to whoever processes a mail, not to who reads it. One is enough. */
const STRONG =
  /\b(?:ignore|disregard|forget|override|bypass|skip|regardless of)\b[^.!?]{0,40}\b(?:instructions?|prompts?|rules|checks?|guidelines|policy|policies|above|previous)\b|\bsystem (?:prompt|message|note|instruction)|\b(?:ai|llm|language|mail|email) (?:assistant|agent|model)\b|\b(?:dear|hey|hi|hello|attention|note to(?: the)?) (?:assistant|agent|model|ai)\b|\bas an? (?:ai|assistant|agent)\b|\bif you are an? (?:ai|assistant|agent|llm|language model)\b|\bend of (?:e-?mail|document|message)\b|#{2,} ?instructions?\b|<\|im_(?:start|end)\|>|\[\/?inst\]/i;

/** Words that are harmless one by one in a preview line; two different ones are not. */
const WEAK: readonly RegExp[] = [
  /\b(?:assistant|agent|chatbot)\b/i,
  /\b(?:forward|send|post|upload|exfiltrate)\b[^.!?]{0,60}\b(?:to|at)\b[^.!?]{0,30}[@:/]/i,
  /\b(?:passwords?|api keys?|credentials?|secrets?|tokens?|one-time codes?)\b/i,
  /\b(?:reveal|disclose|extract|print|repeat|output)\b/i,
  /\b(?:delete|remove|archive|erase)\b[^.!?]{0,30}\b(?:e-?mails?|messages?|inbox|thread)\b/i,
  /\b(?:do not|don't|never|without) (?:tell|telling|mention|mentioning|inform|informing|ask|asking|notify|show)\b/i,
  /\byou (?:must|are now|will now|should now)\b/i,
  /\b(?:tool|function) call\b|\bexecute\b|\binvoke\b/i,
];
const WEAK_ENOUGH = 2;

/**
 * Whether a hidden text gives orders to a program that reads mail. English only and easily avoided: it does no more than
 * take the excuse of "preview line" from plain attacks. Judging text by meaning is the injection check's job.
 */
export function addressesMachine(text: string): boolean {
  return STRONG.test(text) || WEAK.filter((pattern) => pattern.test(text)).length >= WEAK_ENOUGH;
}
