import type { Message } from '@postern/contracts';
import { attributionEndingIn } from './attribution.js';
import { isBoilerplate } from './boilerplate.js';
import { nextSaid, type Line } from './lines.js';
import { announcesOriginal, fieldsOf, isRule, originalHeaderFrom, type Field } from './original-header.js';
import { signatureIn, type Said } from './signature.js';

export type PartKind = Message['text_parts'][number]['kind'];
type Kinds = (PartKind | undefined)[];

/** As many lines are worth a look; what stands behind them goes with the last. Nobody writes so many by hand. */
export const CLASSIFIED_LINES_MAX = 10_000;

/**
 * Tells of each line whether it is new, history, a signature or boilerplate. Rules, no model: what they do not know is new,
 * so that an agent rather reads too much than misses something. Time grows with the number of lines.
 * @param lines  at most {@link CLASSIFIED_LINES_MAX}.
 */
export function classify(lines: readonly Line[]): PartKind[] {
  const kinds: Kinds = lines.map((line) => (line.quoted && !line.blank ? 'quoted' : undefined));
  markHistory(lines, kinds);
  markBrokenQuotes(lines, kinds);
  for (const stretch of ownStretches(lines, kinds)) markOwn(stretch, kinds);
  return filled(lines, kinds);
}

/** Marks what introduces a quote, and all the rest where nothing marks the quote's own lines. */
function markHistory(lines: readonly Line[], kinds: Kinds): void {
  const fields = fieldsOf(lines);
  let at = 0;
  while (at < lines.length) {
    const begins = kinds[at] === 'quoted' ? null : introductionAt(lines, fields, at);
    if (begins === null) {
      at += 1;
      continue;
    }
    const body = nextSaid(lines, begins.end);
    const marked = lines[body]?.quoted === true;
    if (!marked && !begins.certain) {
      at += 1;
      continue;
    }
    const end = marked ? body : lines.length;
    kinds.fill('quoted', begins.start, end);
    at = end;
  }
}

interface Introduction {
  start: number;
  /** Behind its last line. */
  end: number;
  /** What follows is history even without quote marks. */
  certain: boolean;
}

function introductionAt(lines: readonly Line[], fields: readonly (Field | null)[], at: number): Introduction | null {
  const line = lines[at];
  if (line === undefined || line.blank) return null;
  // Mail clients begin with the sender; digests and reports list mails that begin otherwise.
  const header = fields[at] === 'from' ? originalHeaderFrom(lines, fields, at) : null;
  if (header !== null) return { start: ruleAbove(lines, at), end: header, certain: true };
  if (announcesOriginal(line)) {
    const end = originalHeaderFrom(lines, fields, nextSaid(lines, at + 1)) ?? at + 1;
    return { start: at, end, certain: true };
  }
  const attribution = attributionEndingIn(lines, at);
  return attribution === null ? null : { ...attribution, end: at + 1 };
}

/** The rule that stands above a header block belongs to it. */
function ruleAbove(lines: readonly Line[], at: number): number {
  let above = at - 1;
  while (lines[above]?.blank === true) above -= 1;
  const line = lines[above];
  return line !== undefined && isRule(line) ? above : at;
}

/** A quoted line as long as this was wrapped by some client on its way when it goes on without a mark. */
const WRAPPED_MIN_CHARS = 60;
const REMAINDER_MAX_CHARS = 30;

/** Ends of long quoted lines that were wrapped without a new mark: between two marked lines, short, no new sentence. */
function markBrokenQuotes(lines: readonly Line[], kinds: Kinds): void {
  for (let at = 1; at + 1 < lines.length; at += 1) {
    const [before, line, after] = [lines[at - 1], lines[at], lines[at + 1]];
    if (line === undefined || line.blank || kinds[at] !== undefined) continue;
    if (before?.quoted !== true || before.head.length < WRAPPED_MIN_CHARS || after?.quoted !== true) continue;
    if (line.head.length <= REMAINDER_MAX_CHARS && /^[\p{Ll}\p{N}]/u.test(line.head)) kinds[at] = 'quoted';
  }
}

/** Neighbouring lines that are no history. */
interface Stretch {
  from: number;
  lines: Line[];
}

function ownStretches(lines: readonly Line[], kinds: Kinds): Stretch[] {
  const stretches: Stretch[] = [];
  for (const [at, line] of lines.entries()) {
    if (kinds[at] === 'quoted') continue;
    const last = stretches.at(-1);
    if (last !== undefined && last.from + last.lines.length === at) last.lines.push(line);
    else stretches.push({ from: at, lines: [line] });
  }
  return stretches;
}

function markOwn({ from, lines }: Stretch, kinds: Kinds): void {
  const said: Said[] = [];
  let paragraph: Said[] = [];
  const endParagraph = (): void => {
    if (isBoilerplate(paragraph.map(({ line }) => line))) {
      for (const { index } of paragraph) kinds[index] = 'disclaimer';
    } else {
      for (const one of paragraph) said.push(one);
    }
    paragraph = [];
  };
  for (const [at, line] of lines.entries()) {
    if (line.blank) endParagraph();
    else paragraph.push({ index: from + at, line });
  }
  endParagraph();
  const signature = signatureIn(said);
  for (const [at, { index }] of said.entries()) kinds[index] = at < signature ? 'new' : 'signature';
}

/** Blank lines go with what stands before them, those on top with what comes first. */
function filled(lines: readonly Line[], kinds: Kinds): PartKind[] {
  let kind: PartKind = kinds[nextSaid(lines, 0)] ?? 'new';
  return kinds.map((own) => (kind = own ?? kind));
}
