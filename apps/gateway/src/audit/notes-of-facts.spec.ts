import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { AuditEventType, isId } from '@postern/contracts';
import { CONSUMERS } from '@postern/eventing';
import { type AuditedFact, noteOfFact } from './notes-of-facts.js';

const SAMPLES = new URL('../../../../libs/contracts/samples/', import.meta.url);
const samples = CONSUMERS.gateway__audit.flatMap(({ type }) =>
  readdirSync(new URL(`${type}/`, SAMPLES)).map((file) => {
    const fact = JSON.parse(readFileSync(new URL(`${type}/${file}`, SAMPLES), 'utf8')) as AuditedFact;
    return [`${type} ${file}`, fact] as const;
  }),
);

describe('noteOfFact', () => {
  it.each(samples)('tells %s without an address, a subject or a path of a URL', (_name, fact) => {
    const note = noteOfFact(fact);
    expect(note).not.toBeNull();
    expect(AuditEventType.options).toContain(note?.eventType);
    expect(isId('aud', note?.id ?? '')).toBe(true);
    expect(note?.data).toMatchObject({ occurred_at: fact.occurredAt });
    expect(JSON.stringify(note?.data)).not.toMatch(/@|https?:|subject|summary|detections|metadata|display_name/);
  });

  it('leaves what people rejected to the resolved approval', () => {
    const [, fact] = samples.find(([name]) => name === 'scan.outbound.rejected.v1 minimal.json') ?? [];
    const held = { ...fact, data: { ...fact?.data, approvalId: 'apr_01k9x5e8w2f7h8j9k0m1n2p3q0' } } as AuditedFact;
    expect(noteOfFact(held)).toBeNull();
  });

  it('leaves messages that went with their inbox to the deletion of the inbox', () => {
    const [, fact] = samples.find(([name]) => name === 'messaging.message.deleted.v1 full.json') ?? [];
    expect(noteOfFact({ ...fact, data: { ...fact?.data, cause: 'inbox' } } as AuditedFact)).toBeNull();
  });

  it('leaves the end of the brake of an inbox to the inbox that was resumed; others only the root key lifts', () => {
    const [, paused] = samples.find(([name]) => name === 'delivery.reputation.changed.v1 full.json') ?? [];
    expect(noteOfFact({ ...paused, data: { ...paused?.data, change: 'lifted' } } as AuditedFact)).toBeNull();
    const [, lifted] = samples.find(([name]) => name === 'delivery.reputation.changed.v1 minimal.json') ?? [];
    expect(noteOfFact(lifted as AuditedFact)).toMatchObject({ eventType: 'reputation.lifted', actor: 'root' });
  });

  it('gives the same fact the same id', () => {
    const [[, fact]] = samples as [(typeof samples)[0]];
    expect(noteOfFact(fact)?.id).toBe(noteOfFact(fact)?.id);
  });
});
