import { cardsIn } from './kinds/card.js';
import { emailsIn } from './kinds/email.js';
import { ibansIn } from './kinds/iban.js';
import { phonesIn } from './kinds/phone.js';
import { socialSecurityNumbersIn } from './kinds/ssn.js';

export type PiiKind = 'card' | 'iban' | 'ssn' | 'phone' | 'email';

/** A stretch of a text: UTF-16 offsets, the end not in it. */
export interface Stretch {
  start: number;
  end: number;
}

/** One piece of personal data: its kind and where it stands. */
export interface Pii extends Stretch {
  kind: PiiKind;
}

/** What can prove itself by check digits goes first; where two overlap, the first is meant. */
const FINDERS: readonly (readonly [PiiKind, (text: string) => Iterable<Stretch>])[] = [
  ['card', cardsIn],
  ['iban', ibansIn],
  ['ssn', socialSecurityNumbersIn],
  ['email', emailsIn],
  ['phone', phonesIn],
];

/**
 * Finds personal data that has a form of its own. Pure, and linear in the text; separators (spaces, hyphens) belong to a stretch.
 * @returns in the order of the text; no two overlap. Empty when there is none.
 */
export function findPii(text: string): Pii[] {
  // One character of each: a text without a digit or an @ is done.
  if (!/[\d@]/.test(text)) return [];
  const found: Pii[] = [];
  for (const [kind, finder] of FINDERS) {
    const free = withoutOverlaps(finder(text), found);
    found.push(...free.map(({ start, end }) => ({ kind, start, end })));
    found.sort((a, b) => a.start - b.start);
  }
  return found;
}

/** Both are in the order of their starts, so one walk over both is enough. */
function withoutOverlaps(candidates: Iterable<Stretch>, taken: readonly Stretch[]): Stretch[] {
  const free: Stretch[] = [];
  let at = 0;
  for (const candidate of candidates) {
    if (candidate.start < (free.at(-1)?.end ?? 0)) continue;
    while (at < taken.length && (taken[at]?.end ?? 0) <= candidate.start) at += 1;
    const next = taken[at];
    if (next === undefined || next.start >= candidate.end) free.push(candidate);
  }
  return free;
}
