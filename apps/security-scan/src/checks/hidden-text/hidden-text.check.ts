import type { HidingReason } from '@postern/mail-html';
import type { HiddenRun, ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check, type Finding } from '../check.js';
import { addressesMachine } from './machine-address.js';
import { isRepeatOf, shinglesOf } from './repeats.js';

const METHOD = 'hidden_text';
/** Shorter runs are spacers, arrows and counters. */
const PROSE_WORDS_MIN = 3;
/** Newsletters hide the line that inboxes show beside the subject; clients cut it at about 140 characters. */
const PREHEADER_MAX_CHARS = 160;

const WORDS: Readonly<Record<HidingReason, string>> = {
  display: 'taken out of the display',
  visibility: 'made invisible',
  opacity: 'made transparent',
  font_size: 'set too small to read',
  colour: 'coloured like its ground',
  off_screen: 'moved off the screen',
  clipped: 'clipped away',
  hidden_attribute: 'marked hidden',
  inert_element: 'inside an element that is not shown',
};

/**
 * Looks for HTML text that a person does not see and an agent reads. Harmless mail hides things too: the preview line
 * on top, and second copies of what is seen for other screens. Those two are let pass.
 */
export const hiddenTextCheck: Check = {
  name: METHOD,
  direction: 'both',
  run(mail: ScannedMail): Finding[] {
    if (mail.html === null) return [];
    const prose = mail.html.hidden
      .map((run) => ({ ...run, text: readable(run.text) }))
      .filter((run) => wordsOf(run.text).length >= PROSE_WORDS_MIN || looksUnspaced(run.text));
    if (prose.length === 0) return [];
    const seen = shinglesOf(wordsOf(`${mail.html.visible} ${mail.text}`));
    // A mail has one preview line: a second piece on top is something else.
    const told = prose.filter(
      (run, index) =>
        addressesMachine(run.text) || !((index === 0 && isPreheader(run)) || isRepeatOf(wordsOf(run.text), seen)),
    );
    return told.length === 0 ? [] : [summed(told)];
  },
};

const isPreheader = (run: HiddenRun): boolean => run.visibleBefore === 0 && run.text.length <= PREHEADER_MAX_CHARS;

/** One finding for all runs: an attacker who hides many pieces is one attacker. */
function summed(runs: readonly HiddenRun[]): Finding {
  const words = runs.reduce((sum, run) => sum + wordsOf(run.text).length, 0);
  const reasons = [...new Set(runs.map((run) => WORDS[run.reason]))].slice(0, 3).join(', ');
  const toMachine = runs.some((run) => addressesMachine(run.text));
  return finding(
    METHOD,
    'suspicious',
    toMachine ? 0.95 : 0.7,
    `${words} words are ${reasons}${toMachine ? '; they speak to a machine' : ''}.`,
  );
}

/** Padding characters that fill preview lines up, and white space, count as nothing. */
const readable = (text: string): string =>
  text
    .replaceAll(/[\u00ad\u034f\u061c\u200b-\u200f\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]{2,}/gu) ?? [];

/** Scripts without spaces between words: a dozen letters make a sentence. */
const looksUnspaced = (text: string): boolean =>
  (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu)?.length ?? 0) >= 12;
