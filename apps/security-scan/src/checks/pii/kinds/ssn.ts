import type { Stretch } from '../find-pii.js';

// Never given: area 000, 666 and 900–999, group 00, serial 0000 (ssa.gov, "Social Security Number Randomization").
const NUMBER = String.raw`(?!000|666|9)\d{3}(?<between>[ \u00a0-]?)(?!00)\d{2}\k<between>(?!0000)\d{4}`;
const HYPHENATED = new RegExp(String.raw`(?<![\w.-])${NUMBER}(?![\w-]|\.\d)`, 'g');
/** Nine digits are many things; a name before them says which. */
const NAMED = new RegExp(
  String.raw`\b(?:ssn|social security(?: (?:number|no\.?|#))?)(?: is)?[ \t]{0,4}[:#=-]?[ \t]{0,4}(?<number>${NUMBER})(?![\w-])`,
  'gid',
);

/**
 * US social security numbers: with hyphens anywhere, otherwise behind their name. Well-known samples count too: who has
 * such numbers taken out wants every one to be gone.
 */
export function socialSecurityNumbersIn(text: string): Stretch[] {
  const found = new Map<number, Stretch>();
  for (const match of text.matchAll(HYPHENATED)) {
    if (match.groups?.['between'] !== '-') continue;
    found.set(match.index, { start: match.index, end: match.index + match[0].length });
  }
  for (const match of text.matchAll(NAMED)) {
    const [start, end] = match.indices?.groups?.['number'] ?? [];
    if (start !== undefined && end !== undefined) found.set(start, { start, end });
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}
