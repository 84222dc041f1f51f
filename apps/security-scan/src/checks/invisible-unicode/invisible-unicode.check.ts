import { textChannels, type Channel, type ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check, type Finding } from '../check.js';

const METHOD = 'invisible_unicode';

/** Nothing in here: the usual case costs one pass. */
const ANY = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\u{e0000}-\u{e01ef}]/u;

// Flags of England, Scotland and Wales: a black flag, tag letters, the end tag (Unicode TS #51, ED-14a).
const FLAG = /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,8}\u{e007f}/gu;
const TAGS = /[\u{e0001}\u{e0020}-\u{e007f}]+/gu;
/** Two tags can be a broken flag; four letters are a word. */
const TAGS_MIN = 4;

// A letter or emoji takes one variation selector; more in a row are octets in disguise.
const SELECTORS = /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]{4,}/gu;

// Joiners belong between letters of some scripts and between emoji; between Latin letters they split words.
const SPLIT_WORD = /[A-Za-z][\u200b-\u200d\u2060\ufeff]+(?=[A-Za-z])/g;
const SPLITS_MIN = 3;

// Bits written as two or more kinds of characters without width. One kind alone is padding.
const WIDTHLESS_RUN = /[\u200b-\u200f\u2060-\u2064\ufeff]{16,}/g;

// Overrides turn text around; isolates and marks only help mixed scripts (Unicode Annex #9 §2.2).
const OVERRIDE = /[\u202d\u202e]/;

/** Looks for characters that people do not see and models read. Uses that belong to a script or an emoji are let pass. */
export const invisibleUnicodeCheck: Check = {
  name: METHOD,
  direction: 'both',
  run: (mail: ScannedMail) =>
    textChannels(mail).flatMap((channel) => (ANY.test(channel.text) ? ofChannel(channel) : [])),
};

function ofChannel({ name, text }: Channel): Finding[] {
  const found: Finding[] = [];
  const tags = lengthOf(text.replaceAll(FLAG, ''), TAGS);
  if (tags >= TAGS_MIN) {
    found.push(finding(METHOD, 'malicious', 0.98, `${tags} Unicode tag characters carry unseen text in ${name}.`));
  }
  if (lengthOf(text, SELECTORS) > 0) {
    found.push(finding(METHOD, 'malicious', 0.95, `Runs of variation selectors carry unseen data in ${name}.`));
  }
  const splits = text.match(SPLIT_WORD)?.length ?? 0;
  if (splits >= SPLITS_MIN) {
    found.push(finding(METHOD, 'suspicious', 0.8, `${splits} words are split by characters without width in ${name}.`));
  }
  if ((text.match(WIDTHLESS_RUN) ?? []).some((run) => new Set(run).size > 1)) {
    found.push(finding(METHOD, 'suspicious', 0.7, `Characters without width look like encoded data in ${name}.`));
  }
  if (OVERRIDE.test(text)) {
    found.push(finding(METHOD, 'suspicious', 0.5, `A direction override turns text around in ${name}.`));
  }
  return found;
}

/** How many characters (not UTF-16 units) the matches have together. */
function lengthOf(text: string, pattern: RegExp): number {
  return (text.match(pattern) ?? []).reduce((sum, match) => sum + [...match].length, 0);
}
