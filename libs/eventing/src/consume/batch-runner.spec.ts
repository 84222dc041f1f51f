import { beforeEach, describe, expect, it } from '@jest/globals';
import type { JsMsg } from '@nats-io/jetstream';
import { MessageDeletedV1, newId, type Fact } from '@postern/contracts';
import { createLogger } from '@postern/platform';
import type { DeadLetters } from '../dead-letters/dead-letters.js';
import { BatchRunner } from './batch-runner.js';

const logger = createLogger('test', 'silent');
const deadLetters = { bury: async () => undefined } as unknown as DeadLetters;

let settled: string[];
/** What the handler was given, call by call: names of facts, with `*` when some come again. */
let calls: string[];

beforeEach(() => {
  settled = [];
  calls = [];
});

function record(name: string, deliveryCount: number): JsMsg {
  const fact = {
    id: newId('evt'),
    type: MessageDeletedV1.type,
    occurredAt: '2026-11-21T12:00:00.000Z',
    organizationId: newId('org'),
    mode: 'live',
    correlationId: name,
    causationId: null,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    data: {
      messageId: newId('msg'),
      inboxId: newId('inb'),
      threadId: newId('thr'),
      direction: 'inbound',
      threadDeleted: false,
      cause: 'message',
      version: 1,
      actor: null,
    },
  };
  return {
    subject: MessageDeletedV1.type,
    info: { deliveryCount },
    json: () => fact,
    ack: () => void settled.push(`${name} ack`),
    nak: () => void settled.push(`${name} nak`),
    term: () => void settled.push(`${name} term`),
  } as unknown as JsMsg;
}

async function run(isolates: boolean, records: JsMsg[], failing: string | null = null): Promise<void> {
  const handle = async (facts: Fact[], again: boolean): Promise<void> => {
    const names = facts.map(({ correlationId }) => correlationId);
    calls.push(`${names.join(' ')}${again ? '*' : ''}`);
    if (failing !== null && names.includes(failing)) throw new TypeError('bug');
  };
  await new BatchRunner('test', [MessageDeletedV1], handle, deadLetters, logger, isolates).run(records);
}

const RECORDS = () => [record('a', 1), record('b', 2), record('c', 1), record('d', 3)];

describe('records', () => {
  it('are handled together, in their order', async () => {
    await run(false, RECORDS());
    expect(calls).toEqual(['a b c d*']);
    expect(settled).toEqual(['a ack', 'b ack', 'c ack', 'd ack']);
  });

  it('that come again are handled after the others and by themselves, where a process may die of one', async () => {
    await run(true, RECORDS());
    expect(calls).toEqual(['a c', 'b*', 'd*']);
    expect(settled).toEqual(['a ack', 'c ack', 'b ack', 'd ack']);
  });

  it.each([true, false])('of which one fails do not fail their neighbours (isolated: %s)', async (isolates) => {
    await run(isolates, [record('a', 1), record('b', 1), record('c', 1)], 'b');
    expect(calls).toEqual(['a b c', 'a', 'b', 'c']);
    expect(settled).toEqual(['a ack', 'b nak', 'c ack']);
  });
});
