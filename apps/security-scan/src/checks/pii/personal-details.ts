/** Personal data without check digits: known by the words around it. */
export type DetailKind = 'passport' | 'birth date' | 'health' | 'pay' | 'address';

const DATE = String.raw`(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d|\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6},? (?:19|20)\d\d|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6} \d{1,2},? (?:19|20)\d\d)`;

/** Linear: each begins at a word or a capital letter and is bounded. */
const PATTERNS: readonly (readonly [DetailKind, RegExp])[] = [
  // ICAO 9303-4: up to nine characters; most are a letter and eight digits.
  ['passport', /\b[A-Z]\d{8}\b|\bpassport (?:number|no\.?|#)?:? {0,2}[A-Z0-9]{6,9}\b/g],
  [
    'birth date',
    new RegExp(String.raw`\b(?:born|birth ?date|date of birth|dob|birthday)(?: on| is)?:? {0,2}${DATE}`, 'gi'),
  ],
  [
    'health',
    /\b(?:diagnos(?:is|ed with)|prescribed|hiv[ -]positive|pregnan(?:cy|t)[^.\n]{0,12}week|depression since|undergo(?:es|ing)? (?:chemotherapy|dialysis|therapy)|(?:sick|medical) leave (?:because|due|for)|allergic to|disability of|blood (?:type|group):? ?[ABO])/gi,
  ],
  [
    'pay',
    /\b(?:annual |monthly |gross |net |base |current |yearly )?(?:salary|wages?|compensation|pay)(?: of| is)?:? {0,2}(?:(?:usd|eur|gbp|chf|\$|€|£) ?)?\d{1,3}[,. ]?\d{3}\b/gi,
  ],
  [
    'address',
    /\b\d{1,5} (?:[A-Z][a-z]{1,20} ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Ln|Boulevard|Blvd|Way|Court|Ct|Place|Pl)\b\.?,? (?:[A-Z][a-z]{1,20} ?){1,3},? (?:[A-Z]{2} )?\d{5}\b/g,
  ],
];

/** A mail of ten thousand lines of a payroll is no worse a leak than one of a thousand. */
const COUNTED_MAX = 1_000;

/** How many of each kind stand in the text; none of a kind is left out. */
export function personalDetails(text: string): Map<DetailKind, number> {
  const counts = new Map<DetailKind, number>();
  for (const [kind, pattern] of PATTERNS) {
    let count = 0;
    for (const _ of text.matchAll(pattern)) {
      count += 1;
      if (count === COUNTED_MAX) break;
    }
    if (count > 0) counts.set(kind, count);
  }
  return counts;
}
