import type { Stretch } from '../find-pii.js';

// Never given: area 000, 666 and 900–999, group 00, serial 0000 (ssa.gov, "Social Security Number Randomization").
const NUMBER = String.raw`(?!000|666|9)\d{3}(?<between>[ \u00a0-]?)(?!00)\d{2}\k<between>(?!0000)\d{4}`;
const HYPHENATED = new RegExp(String.raw`(?<![\w.-])${NUMBER}(?![\w-]|\.\d)`, 'g');
/** Nine digits are many things; a name before them says which. */
const NAMED = new RegExp(
  String.raw`\b(?:ssn|social security(?: (?:number|no\.?|#))?)(?: is)?[ \t]{0,4}[:#=-]?[ \t]{0,4}(?<number>${NUMBER})(?![\w-])`,
  'gid',
);
/** Numbers of manuals and of a wallet's sample card (ssa.gov, "Social Security Cards Issued by Woolworth"). */
const SAMPLES = new Set(['078051120', '219099999', '123456789']);

/** US social security numbers: with hyphens anywhere, otherwise behind their name. */
export function socialSecurityNumbersIn(text: string): Stretch[] {
  const found = new Map<number, Stretch>();
  for (const match of text.matchAll(HYPHENATED)) {
    if (match.groups?.['between'] === '-') note(found, match[0], match.index);
  }
  for (const match of text.matchAll(NAMED)) {
    const [start] = match.indices?.groups?.['number'] ?? [];
    if (start !== undefined) note(found, match.groups?.['number'] ?? '', start);
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

function note(found: Map<number, Stretch>, written: string, start: number): void {
  if (!SAMPLES.has(written.replaceAll(/\D/g, ''))) found.set(start, { start, end: start + written.length });
}
