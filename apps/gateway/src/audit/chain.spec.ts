import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { AuditEntry, newId } from '@postern/contracts';
import { chain, hashOfEntry, lineOf, NO_HASH, type Unchained } from './chain.js';

const at = new Date('2026-11-21T13:25:59.123Z');
const unchained = (more: Partial<Unchained> = {}): Unchained => ({
  id: newId('aud'),
  event_type: 'inbox.created',
  severity: 'info',
  actor: newId('key'),
  inbox_id: newId('inb'),
  data: { domain: 'postern.test', version: 1 },
  ...more,
});

describe('chain', () => {
  it('begins with sequence 1 after 64 zeros, and hooks each entry to the one before', () => {
    const [first, second] = chain(null, [unchained(), unchained()], at) as [AuditEntry, AuditEntry];
    expect([first.sequence, first.prev_hash]).toEqual([1, NO_HASH]);
    expect([second.sequence, second.prev_hash]).toEqual([2, first.hash]);
    for (const entry of [first, second]) expect(AuditEntry.parse(entry)).toEqual(entry);
  });

  it('goes on after a head, never before its time', () => {
    const head = { sequence: 41, hash: 'ab'.repeat(32), created_at: '2026-11-21T13:26:00.000Z' };
    const [entry] = chain(head, [unchained()], at);
    expect(entry).toMatchObject({ sequence: 42, prev_hash: head.hash, created_at: head.created_at });
    expect(chain({ ...head, created_at: '2026-11-21T13:00:00.000Z' }, [unchained()], at)[0]?.created_at).toBe(
      at.toISOString(),
    );
  });

  it('hashes the RFC 8785 JSON of the entry without its hash', () => {
    const id = 'aud_01k9x5e8w2f7h8j9k0m1n2p3q4' as Unchained['id'];
    const [entry] = chain(
      null,
      [unchained({ id, actor: 'root', inbox_id: null, data: { b: 1, a: ['€', 4.5] } })],
      at,
    ) as [AuditEntry];
    // Written out by hand: members sorted, no white space, nothing escaped that need not be.
    const canonical = `{"actor":"root","created_at":"2026-11-21T13:25:59.123Z","data":{"a":["€",4.5],"b":1},"event_type":"inbox.created","id":"${id}","inbox_id":null,"prev_hash":"${NO_HASH}","sequence":1,"severity":"info"}`;
    expect(entry.hash).toBe(createHash('sha256').update(canonical, 'utf8').digest('hex'));
    expect(lineOf(entry)).toBe(`${canonical.replace('"id":', `"hash":"${entry.hash}","id":`)}\n`);
  });

  it('hashes members that it does not know', () => {
    const [entry] = chain(null, [unchained()], at) as [AuditEntry];
    expect(hashOfEntry({ ...entry, later: 1 })).not.toBe(entry.hash);
  });
});
