import { describe, expect, it } from '@jest/globals';
import { entryIdsOf, rulesOf } from './rules.js';

type Entry = Parameters<typeof rulesOf>[0][number];

const entry = (id: string, direction: Entry['direction'], more: Partial<Entry> = {}): Entry => ({
  id,
  inbox_id: null,
  kind: 'block',
  direction,
  pattern: 'example.com',
  require_aligned: false,
  reason: null,
  created_at: '2026-11-21T00:00:00.000Z',
  updated_at: '2026-11-21T00:00:00.000Z',
  ...more,
});
const shown = (...entries: Entry[]) => rulesOf(entries).map(({ id, direction }) => [id, direction]);

describe('rules', () => {
  it('are entries under other names of their directions', () => {
    expect(shown(entry('1', 'send'), entry('2', 'reply'))).toEqual([
      ['1', 'outbound'],
      ['2', 'reply'],
    ]);
    expect(shown(entry('1', 'receive'))).toEqual([['1', 'inbound']]);
  });

  it('for both directions are two entries, whichever comes first', () => {
    expect(shown(entry('2', 'receive'), entry('1', 'send'))).toEqual([['1+2', 'both']]);
    expect(shown(entry('1', 'send'), entry('2', 'receive'))).toEqual([['1+2', 'both']]);
  });

  it.each([
    ['kind', { kind: 'allow' }],
    ['pattern', { pattern: 'example.org' }],
    ['inbox', { inbox_id: 'inb_1' }],
  ] as const)('of another %s stay apart', (_what, other) => {
    expect(shown(entry('1', 'send'), entry('2', 'receive', other))).toEqual([
      ['1', 'outbound'],
      ['2', 'inbound'],
    ]);
  });

  it('are known by the ids of their entries', () => {
    const [rule] = rulesOf([entry('2', 'receive'), entry('1', 'send')]);
    expect(entryIdsOf(rule?.id ?? '')).toEqual(['1', '2']);
    expect(entryIdsOf('1')).toEqual(['1']);
  });

  it('keep their order', () => {
    const others = ['example.org', 'example.net'].map((pattern, index) => entry(`o${index}`, 'send', { pattern }));
    expect(shown(entry('1', 'send'), ...others, entry('2', 'receive'))).toEqual([
      ['1+2', 'both'],
      ['o0', 'outbound'],
      ['o1', 'outbound'],
    ]);
  });
});
