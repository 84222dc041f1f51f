import type { Stretch } from '../find-pii.js';

/** Groups of digits with one separator between them. Two kinds of separator in a row end a run. */
const RUN = /\d+(?:[ \u00a0-]\d+)*/g;
/** A number in the middle of a word, a path, a decimal or a longer number is none of a card. */
const GLUED_BEFORE = /(?:[\p{L}\d_/.+$€£&-]|\d,)$/u;
const GLUED_AFTER = /^(?:[\p{L}\d_/=]|[.,]\d)/u;
/** An expiry date, a check number or the next column follow a card; no card has more groups. */
const GROUPS_MAX = 5;
const DIGITS_MIN = 13;
const DIGITS_MAX = 19;

/** Numbers of issuers with their lengths (ISO/IEC 7812; the ranges are those that the card schemes publish). */
const ISSUERS: readonly (readonly [prefix: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]], // Visa
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]], // Mastercard
  [/^3[47]/, [15]], // American Express
  [/^(?:6011|64[4-9]|65)/, [16, 17, 18, 19]], // Discover
  [/^(?:30[0-5]|36|38|39)/, [14, 16]], // Diners Club
  [/^35(?:2[89]|[3-8])/, [16]], // JCB
  [/^62/, [16, 17, 18, 19]], // UnionPay
  [/^(?:5018|5020|5038|5893|6304|6759|676[1-3])/, [16, 18, 19]], // Maestro
  [/^220[0-4]/, [16, 19]], // Mir
];
/** How people write them: in one piece, in fours with a shorter last, or as American Express and Diners print them. */
const GROUPINGS = /^(?:\d+|4( 4)*( [1-4])?|4 6 5|4 6 4)$/;

/** Payment cards: an issuer's prefix and length, a usual grouping, and the check digit. */
export function* cardsIn(text: string): Generator<Stretch> {
  for (const run of text.matchAll(RUN)) {
    if (run[0].length < DIGITS_MIN || !/\d{4}/.test(run[0])) continue;
    const groups = groupsOf(run[0], run.index);
    let first = 0;
    while (first < groups.length) {
      const card = cardFrom(text, groups, first);
      if (card === null) first += 1;
      else {
        yield card.stretch;
        first += card.groups;
      }
    }
  }
}

interface Group {
  digits: string;
  start: number;
}

const groupsOf = (run: string, at: number): Group[] =>
  [...run.matchAll(/\d+/g)].map((group) => ({ digits: group[0], start: at + group.index }));

function cardFrom(text: string, groups: readonly Group[], first: number): { stretch: Stretch; groups: number } | null {
  // Every grouping begins with four digits or has all in one.
  const begin = groups[first]?.digits.length ?? 0;
  if (begin !== 4 && begin < DIGITS_MIN) return null;
  let number = '';
  const lengths: number[] = [];
  for (const { digits, start } of groups.slice(first, first + GROUPS_MAX)) {
    number += digits;
    lengths.push(digits.length);
    if (number.length > DIGITS_MAX) return null;
    const grouping = lengths.length === 1 ? String(digits.length) : lengths.join(' ');
    if (!GROUPINGS.test(grouping) || !isCardNumber(number)) continue;
    const stretch = { start: groups[first]?.start ?? start, end: start + digits.length };
    return standsAlone(text, stretch) ? { stretch, groups: lengths.length } : null;
  }
  return null;
}

const isCardNumber = (number: string): boolean =>
  ISSUERS.some(([prefix, lengths]) => lengths.includes(number.length) && prefix.test(number)) &&
  !/^(\d)\1*$/.test(number) &&
  hasLuhnDigit(number);

/** ISO/IEC 7812-1 annex B. */
function hasLuhnDigit(number: string): boolean {
  let sum = 0;
  for (let place = 0; place < number.length; place += 1) {
    const digit = Number(number[number.length - 1 - place]);
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const standsAlone = (text: string, { start, end }: Stretch): boolean =>
  !GLUED_BEFORE.test(text.slice(Math.max(0, start - 2), start)) && !GLUED_AFTER.test(text.slice(end, end + 2));
