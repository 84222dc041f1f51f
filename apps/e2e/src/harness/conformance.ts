import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';

/** A documented request of another system, and what its clients get here. */
export interface ConformanceRow {
  /** `POST /inboxes/{slug}/messages`, or what of it is meant: `… with html`. */
  call: string;
  /** What the other system's documents say that it does. */
  what: string;
  verdict: 'works' | 'differs' | 'not offered';
  /** Why it differs or is not offered. */
  because?: string;
  /** Proves the verdict against the running gateway. */
  check(): Promise<void>;
}

type Check = ConformanceRow['check'];

export const works = (call: string, what: string, check: Check): ConformanceRow => ({
  call,
  what,
  verdict: 'works',
  check,
});
export const differs = (call: string, what: string, because: string, check: Check): ConformanceRow => ({
  ...works(call, what, check),
  verdict: 'differs',
  because,
});
export const notOffered = (call: string, what: string, because: string, check: Check): ConformanceRow => ({
  ...differs(call, what, because, check),
  verdict: 'not offered',
});

const DOCS = new URL('../../../../docs/compat/', import.meta.url);

/** Runs the rows as tests, and then compares the page that tells of them; POSTERN_WRITE_DOCS=1 writes it instead. */
export function conformance(system: string, intro: string, rows: readonly ConformanceRow[]): void {
  for (const row of rows) test(`${row.verdict}: ${row.call}, ${row.what}`, () => row.check());

  test('every row that does not simply work says why', () => {
    expect(rows.filter(({ verdict, because }) => (verdict === 'works') !== (because === undefined))).toEqual([]);
  });

  test('the page of the documentation says what was proved', async () => {
    const page = new URL(`${system}.md`, DOCS);
    const text = pageOf(intro, rows);
    if (process.env['POSTERN_WRITE_DOCS'] === '1') await writeFile(page, text);
    expect(await readFile(page, 'utf8')).toBe(text);
  });
}

function pageOf(intro: string, rows: readonly ConformanceRow[]): string {
  const count = (verdict: string) => rows.filter((row) => row.verdict === verdict).length;
  const lines = rows.map(
    ({ call, what, verdict, because }) =>
      `| ${cell(`\`${call}\``)} | ${cell(what)} | ${verdict} | ${cell(because ?? '')} |`,
  );
  return `<!-- Written by the end-to-end tests (POSTERN_WRITE_DOCS=1); each row is proved by one. -->
${intro.trim()}

Rows: ${count('works')} work, ${count('differs')} differ, ${count('not offered')} not offered.

| Call | Documented | Here | Why |
|---|---|---|---|
${lines.join('\n')}
`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
