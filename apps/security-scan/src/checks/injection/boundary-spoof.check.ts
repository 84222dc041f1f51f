import { textChannels, type Channel, type ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check } from '../check.js';

const METHOD = 'boundary_spoof';

/** A forged border is one when something stands behind it. */
interface Border {
  what: string;
  confidence: number;
  pattern: RegExp;
}

const LINE = String.raw`(?<=^|\n)[ \t>]{0,20}`;
const border = (what: string, confidence: number, source: string): Border => ({
  what,
  confidence,
  pattern: new RegExp(source, 'iu'),
});

/**
 * Tokens of chat templates as their model cards print them, and marks with which programs fence untrusted text. In the middle of a
 * sentence people write about them; at the start of a line with a turn or an order behind, nobody does.
 */
const BORDERS: readonly Border[] = [
  border(
    'a turn of a chat template',
    0.85,
    String.raw`${LINE}<\|(?:im_start|start_header_id|start|turn)\|>\s{0,3}(?:system|user|assistant|developer|tool)`,
  ),
  border(
    'a turn of a chat template',
    0.75,
    String.raw`${LINE}(?:<s>\s{0,3})?\[INST\]|${LINE}<<SYS>>|${LINE}<start_of_turn>(?:user|model)|${LINE}<\|(?:system|user|assistant|im_end|eot_id|endoftext|end)\|>`,
  ),
  border(
    'a heading of an instruction template',
    0.55,
    String.raw`${LINE}#{2,4} ?(?:instructions?|system(?: prompt| message)?|human|assistant|response|new instructions?) ?:[ \t]{0,4}(?:\n|\S)`,
  ),
  border(
    'a system message',
    0.55,
    String.raw`${LINE}(?:\[|<|\{\{?#?)(?:system|(?:system|admin|developer)[ _~-]?(?:message|prompt|note|override|instructions?|notice))(?:\]|>|~?\}\}?):?[ \t]{0,4}(?:\n|\S)`,
  ),
  border(
    'the end of a fence around untrusted text',
    0.6,
    String.raw`${LINE}<\/(?:untrusted[_-]?\w{0,20}|e-?mail|mail|message|document|context|data|input|content|user_?input|tool_?(?:result|response|output)|search_?results?|external\w{0,20})>`,
  ),
  border(
    'the end of the mail',
    0.5,
    String.raw`${LINE}[-=*#\[(<]{2,20} ?(?:end|stop) (?:of )?(?:the )?(?:e-?mail|mail|message|document|context|input|content|data|user input|thread|untrusted \w{1,20}) ?[-=*#\])>]{2,20}`,
  ),
  border(
    'the end of the mail',
    0.45,
    String.raw`${LINE}end of (?:e-?mail|mail|document|context|input|data|user input|untrusted \w{1,20})\.?[ \t]{0,4}\n`,
  ),
  border(
    'the begin of another prompt',
    0.6,
    String.raw`${LINE}[-=*#\[(<]{0,20} ?(?:begin|start)(?:ning)? (?:of )?(?:the )?(?:new )?(?:system|admin|user|developer) (?:prompt|message|instructions?|input)\b`,
  ),
  border(
    'a turn of a conversation with a model',
    0.5,
    String.raw`${LINE}(?:assistant|ai|chatgpt|model) ?: ?(?:sure|done|ok|certainly|of course|i (?:have|finished|will)|the summary)[^\n]{0,200}\n{1,3}[ \t>]{0,20}(?:user|human|system) ?:`,
  ),
  border(
    'a turn of a conversation with a model',
    0.4,
    String.raw`${LINE}system ?: ?(?:you|ignore|print|upload|send|forward|delete|the user|override|new|from now|change|mark|reveal|transfer|call|visit|search|export|store|disable|approve|accept|append|reply|answer|tell|write|set|rate|download|use|include|unsubscribe)`,
  ),
];

/** Every one opens with one of these. */
const HINT = /<|\[|\{|\(|#|-{2}|={2}|\*{2}|system ?:|assistant ?:|ai ?:|chatgpt ?:|model ?:|end of|begin|start/i;

/** Looks for text that pretends the mail ended or another turn began, so that a model takes what follows for its orders. */
export const boundarySpoofCheck: Check = {
  name: METHOD,
  direction: 'both',
  run: (mail: ScannedMail) => {
    const found = textChannels(mail)
      .filter(({ text }) => HINT.test(text))
      .map(strongest)
      .reduce<(Border & { place: string }) | null>(
        (best, one) => (one !== null && one.confidence > (best?.confidence ?? 0) ? one : best),
        null,
      );
    if (found === null) return [];
    return [finding(METHOD, 'suspicious', found.confidence, `Text in ${found.place} imitates ${found.what}.`)];
  },
};

function strongest({ name, text }: Channel): (Border & { place: string }) | null {
  const found = BORDERS.filter(({ pattern }) => pattern.test(text)).sort((a, b) => b.confidence - a.confidence)[0];
  return found === undefined ? null : { ...found, place: name };
}
