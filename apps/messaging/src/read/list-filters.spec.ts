import { describe, expect, it } from '@jest/globals';
import { lowestIdAt, newId } from '@postern/contracts';
import { idBounds, searchedKeys } from './list-filters.js';

const idAt = (time: string): string => lowestIdAt('msg', new Date(time));

describe(idBounds, () => {
  it('is everything without filters', () => {
    const { above, below } = idBounds({});
    expect(newId('msg') > above && newId('msg') < below).toBe(true);
  });

  it('begins with since and ends before until', () => {
    const since = '2026-11-21T10:00:00.000Z';
    const until = '2026-11-21T12:00:00.5+01:00';
    expect(idBounds({ since, until })).toEqual({ above: idAt(since), below: idAt('2026-11-21T11:00:00.500Z') });
  });

  it('rounds what is finer than a millisecond up, as the times of messages are whole ones', () => {
    const next = idAt('2026-11-21T10:00:00.124Z');
    expect(idBounds({ since: '2026-11-21T10:00:00.1230001Z' }).above).toBe(next);
    expect(idBounds({ until: '2026-11-21T10:00:00.1230001Z' }).below).toBe(next);
    expect(idBounds({ since: '2026-11-21T10:00:00.1240000Z' }).above).toBe(next);
  });

  it('takes the later of since and after', () => {
    const after = newId('msg');
    expect(idBounds({ after, since: '2020-01-01T00:00:00Z' }).above).toBe(after);
    expect(idBounds({ after, since: '2100-01-01T00:00:00Z' }).above).toBe(idAt('2100-01-01T00:00:00Z'));
  });
});

describe(searchedKeys, () => {
  it.each([
    ['Ann@Example.com', 'ann@example.com'],
    ['Ann Lee <ann@example.com>', 'ann@example.com'],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['no address', 'no address'],
  ])('match on the address of %s', (filter, address) => {
    expect(searchedKeys({ from: filter, to: filter })).toEqual([`f:${address}`, `t:${address}`]);
  });
});
