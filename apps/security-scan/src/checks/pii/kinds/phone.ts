import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/core';
// 80 kB of lengths and leading digits by country; which ranges were given out does not matter here.
import smallMetadata from 'libphonenumber-js/metadata.min';
import type { Stretch } from '../find-pii.js';

/** The parts that people write a number in; at most 15 digits (ITU-T E.164 §6). */
const WRITTEN = String.raw`\(?\d(?:[ \u00a0./()-]{0,2}\d){6,14}`;
const INTERNATIONAL = new RegExp(String.raw`(?<![\w+])\+${WRITTEN}(?!\d)`, 'g');
/** The North American form tells itself by its punctuation, also where the number was never given out (555-123-4567). */
const NORTH_AMERICAN = /(?<![\w.+/=-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[.-])\d{3}[ .-]\d{4}(?![\w-]|\.\d)/g;
const NAMED = new RegExp(
  String.raw`\b(?:tel(?:e(?:phone|fon))?|phone|mobile|mobil|cell|fax|whatsapp|t[ée]l[ée]phone|handy)(?: (?:number|no))?\.?[ \t]{0,3}[:#]?[ \t]{0,3}(?<number>${WRITTEN})(?!\d)`,
  'gid',
);
/** Where a number without country may be from: the largest countries by mail, one for each way of numbering. */
const REGIONS: readonly CountryCode[] = ['US', 'GB', 'DE', 'FR', 'IN', 'BR', 'JP', 'AU'];
/** Parsing costs some microseconds for each; a text with more numbers is a table, and its rest weighs no more. */
const PARSED_MAX = 20_000;

/** Telephone numbers: international ones, North American ones by their form, others behind a word for telephone. */
export function phonesIn(text: string): Stretch[] {
  const found = new Map<number, Stretch>();
  let left = PARSED_MAX;
  const note = (written: string, start: number, regions: readonly CountryCode[]): void => {
    if (left <= 0 || found.has(start)) return;
    left -= 1;
    if (regions.some((region) => isPossible(written, region))) found.set(start, { start, end: start + written.length });
  };
  for (const { 0: written, index } of text.matchAll(INTERNATIONAL)) note(written, index, ['US']);
  for (const { 0: written, index } of text.matchAll(NORTH_AMERICAN)) note(written, index, ['US']);
  for (const match of text.matchAll(NAMED)) {
    const [start] = match.indices?.groups?.['number'] ?? [];
    if (start !== undefined) note(match.groups?.['number'] ?? '', start, REGIONS);
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

const isPossible = (written: string, region: CountryCode): boolean =>
  parsePhoneNumberFromString(written, region, smallMetadata)?.isPossible() ?? false;
