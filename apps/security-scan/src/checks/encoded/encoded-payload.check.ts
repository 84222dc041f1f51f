import { wordsOfProse } from '../../normalise/decode/readable.js';
import type { DecodedText, Encoding, ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check, type Finding } from '../check.js';

const METHOD = 'encoded_payload';

/** Fewer words are a file name, a subject in a link, a name in a token. */
const PROSE_WORDS_MIN = 5;
/** People do not send sentences in these; what does, hides them. */
const NEVER_BY_PEOPLE: ReadonlySet<Encoding> = new Set([
  'tag characters',
  'variation selectors',
  'characters without width',
]);
/** Links carry sentences in percent signs: the subject of a mail, what was searched for. */
const BY_LINKS: ReadonlySet<Encoding> = new Set(['percent signs']);

/**
 * Looks for sentences that stand encoded in a mail: people do not read them, models decode them. What they say is judged by the
 * other checks, for which decoded text is a channel like any other.
 */
export const encodedPayloadCheck: Check = {
  name: METHOD,
  direction: 'both',
  run(mail: ScannedMail): Finding[] {
    const told = mail.decoded.filter(isPayload);
    if (told.length === 0) return [];
    const words = told.reduce((sum, { text }) => sum + wordsOfProse(text), 0);
    const ways = [...new Set(told.map(({ encodings }) => encodings.join(' in ')))].slice(0, 3).join(', ');
    const places = [...new Set(told.map(({ channel }) => channel))].slice(0, 3).join(', ');
    const sure = told.some(({ encodings }) => encodings.some((encoding) => NEVER_BY_PEOPLE.has(encoding)));
    return [finding(METHOD, 'suspicious', sure ? 0.95 : 0.7, `${words} words stand as ${ways} in ${places}.`)];
  },
};

function isPayload({ encodings, text }: DecodedText): boolean {
  return encodings.every((encoding) => !BY_LINKS.has(encoding)) && wordsOfProse(text) >= PROSE_WORDS_MIN;
}
