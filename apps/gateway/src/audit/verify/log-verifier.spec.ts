import { describe, expect, it } from '@jest/globals';
import { type AuditEntry, newId } from '@postern/contracts';
import { chain, hashOfEntry, lineOf, NO_HASH } from '../chain.js';
import { type KnownEntry, LogVerifier } from './log-verifier.js';

const ENTRIES = chain(
  null,
  Array.from({ length: 6 }, (_, index) => ({
    id: newId('aud'),
    event_type: 'inbox.updated' as const,
    severity: 'info' as const,
    actor: newId('key'),
    inbox_id: newId('inb'),
    data: { version: index + 1, domain: 'postern.test' },
  })),
  new Date(),
);
const LINES = ENTRIES.map((entry) => lineOf(entry).trimEnd());
const entryAt = (index: number): AuditEntry => ENTRIES[index] as AuditEntry;
const rehashed = (entry: AuditEntry): string => JSON.stringify({ ...entry, hash: hashOfEntry({ ...entry }) });

function problemsOf(lines: string[], known: KnownEntry | null = null): string[] {
  const verifier = new LogVerifier(known);
  const problems = [...lines.flatMap((line) => verifier.next(line)), ...verifier.end()];
  return problems.map(({ line, why }) => `${line}: ${why}`);
}
const withLine = (index: number, line: string): string[] => LINES.with(index, line);

describe('LogVerifier', () => {
  it('finds nothing wrong with what was written', () => {
    expect(problemsOf(LINES)).toEqual([]);
    const verifier = new LogVerifier(null);
    for (const line of LINES) verifier.next(line);
    expect(verifier.summary).toEqual({ first: 1, last: 6, count: 6, lastHash: entryAt(5).hash });
  });

  it('does not care for the order of members', () => {
    const turned = Object.fromEntries(Object.entries(entryAt(2)).toReversed());
    expect(problemsOf(withLine(2, JSON.stringify(turned)))).toEqual([]);
  });

  it.each<[string, (entry: AuditEntry) => object]>([
    ['a field', (entry) => ({ ...entry, actor: 'root' })],
    ['a number deep inside', (entry) => ({ ...entry, data: { ...entry.data, version: 9 } })],
    ['the time', (entry) => ({ ...entry, created_at: '2020-01-01T00:00:00.000Z' })],
    ['an added field', (entry) => ({ ...entry, note: 'x' })],
    ['an added field in data', (entry) => ({ ...entry, data: { ...entry.data, note: 'x' } })],
    ['the previous hash', (entry) => ({ ...entry, prev_hash: 'f'.repeat(64) })],
  ])('finds a change of %s', (_what, change) => {
    const [problem] = problemsOf(withLine(3, JSON.stringify(change(entryAt(3)))));
    expect(problem).toMatch(/^4: the entry was changed/);
  });

  it('finds a change of every single octet, and names its line', () => {
    const line = LINES[2] as string;
    for (let at = 0; at < line.length; at += 1) {
      const changed = line.slice(0, at) + (line[at] === '1' ? '2' : '1') + line.slice(at + 1);
      const problems = problemsOf(withLine(2, changed));
      expect([at, problems[0]]).toEqual([at, expect.stringMatching(/^3: /)]);
    }
  });

  it('finds an entry that was changed and hashed again, by the one after it', () => {
    const forged = rehashed({ ...entryAt(2), actor: 'root' });
    expect(problemsOf(withLine(2, forged))).toEqual([expect.stringMatching(/^4: .*does not follow the one before/)]);
  });

  it('finds the last entry changed and hashed again, where it is known', () => {
    const forged = withLine(5, rehashed({ ...entryAt(5), actor: 'root' }));
    expect(problemsOf(forged)).toEqual([]);
    expect(problemsOf(forged, entryAt(5))).toEqual([expect.stringMatching(/^6: .*not the one that is known/)]);
  });

  it('finds what is missing', () => {
    expect(problemsOf(LINES.toSpliced(2, 1))).toEqual(['3: sequence 3 is missing before sequence 4']);
    expect(problemsOf(LINES.toSpliced(1, 3))).toEqual(['2: the sequences 2 to 4 are missing before sequence 5']);
    expect(problemsOf(LINES.slice(1))).toEqual(['1: sequence 1 is missing before sequence 2']);
  });

  it('finds what is missing at the end, where the end is known', () => {
    expect(problemsOf(LINES.slice(0, 4))).toEqual([]);
    expect(problemsOf(LINES.slice(0, 4), entryAt(5))).toEqual([
      'null: the log ends at sequence 4, but is known to have had 6',
    ]);
    expect(problemsOf(LINES, entryAt(3))).toEqual([]);
  });

  it('finds what stands twice or in another order', () => {
    expect(problemsOf(LINES.toSpliced(3, 0, LINES[2] as string))).toEqual(['4: sequence 3 stands here again']);
    const turned = [...LINES.slice(0, 2), LINES[3], LINES[2], ...LINES.slice(4)] as string[];
    expect(problemsOf(turned)[0]).toBe('3: sequence 3 is missing before sequence 4');
    expect(problemsOf(turned)[1]).toBe('4: sequence 3 stands after 4: the order was changed');
  });

  it.each([
    ['cut off', (line: string) => line.slice(0, -5), 'not JSON'],
    ['empty', () => '', 'not JSON'],
    ['another thing', () => '[]', 'no entry'],
    ['an entry without hash', (line: string) => line.replace(/"hash":"[^"]*",/, ''), 'no entry'],
    ['a member twice', (line: string) => line.replace('{"actor"', '{"actor":"root","actor"'), 'not written as it was'],
    ['other escapes', (line: string) => line.replace('updated', 'updat\\u0065d'), 'not written as it was'],
    ['white space', (line: string) => line.replace(',', ', '), 'not written as it was'],
    ['a carriage return', (line: string) => `${line}\r`, 'not written as it was'],
    ['a hash in capitals', (line: string) => line.replace(/[0-9a-f]{64}/, (hash) => hash.toUpperCase()), 'no entry'],
  ])('refuses a line that is %s', (_what, change, why) => {
    const problems = problemsOf(withLine(4, change(LINES[4] as string)));
    expect(problems[0]).toMatch(/^5: /);
    expect(problems[0]).toContain(why);
  });

  it('takes an empty file only where the log is known to be empty', () => {
    expect(problemsOf([])).toEqual([expect.stringContaining('no entries')]);
    expect(problemsOf([], { sequence: 0, hash: NO_HASH })).toEqual([]);
    expect(problemsOf([], entryAt(1))).toHaveLength(1);
  });
});
