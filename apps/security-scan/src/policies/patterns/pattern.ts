import { RE2JS, RE2JSException } from 're2js';

/**
 * Steps of the program that a pattern becomes. Where a pattern and a text are made for each other to be slow, a character
 * takes up to 20 µs with this many (measured on a busy core), so that a stretch is done within 0.4 s; others take 0.1 ms.
 */
const PROGRAM_MAX_STEPS = 200;
const STRETCH_CHARS = 16 * 1024;
/** Neighbouring stretches share this: what is longer is found only where it stands in one of them. */
const OVERLAP_CHARS = 2 * 1024;

/** A pattern whose time is linear in the text (RE2), whatever the text is. */
export type Pattern = Pick<RE2JS, 'test'>;

/** What is wrong with a pattern, as the end of a sentence, or the pattern. */
export type PatternVerdict = { pattern: Pattern } | { problem: string };

/** `^` and `$` stand for the ends of lines: mail is looked at in stretches, and in many parts. */
export function readPattern(text: string): PatternVerdict {
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(text, RE2JS.MULTILINE);
  } catch (error) {
    if (error instanceof RE2JSException) return { problem: problemOf(text, error) };
    throw error;
  }
  return pattern.programSize() > PROGRAM_MAX_STEPS
    ? { problem: 'must be simpler: repeat less often than in x{1000}, or make several patterns of it' }
    : { pattern };
}

const LOOK_AROUND = /\(\?<?[=!]/;
const BACK_REFERENCE = /\\[1-9]|\(\?P=|\\k</;

function problemOf(text: string, { message }: Error): string {
  if (LOOK_AROUND.test(text))
    return 'must have no look-ahead or look-behind: RE2 has none, so that no text makes it slow';
  if (BACK_REFERENCE.test(text)) return 'must have no back-reference: RE2 has none, so that no text makes it slow';
  return `must be an RE2 expression: ${message.replace(/^error parsing regexp: /, '')}`;
}

/**
 * A text in stretches that are short enough to be looked at one by one. They begin at a line where one begins within the
 * overlap, so that what stands in a line is found whole.
 */
export function* stretchesOf(text: string): Generator<string> {
  for (let start = 0; ;) {
    const end = start + STRETCH_CHARS;
    yield text.slice(start, end);
    if (end >= text.length) return;
    const overlap = end - OVERLAP_CHARS;
    const line = text.indexOf('\n', overlap) + 1;
    start = line > 0 && line < end ? line : overlap;
  }
}
