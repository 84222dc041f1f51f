import { Injectable } from '@nestjs/common';
import {
  MessageStatusChangedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
} from '@postern/contracts';
import { causedBy, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { toSummary } from '../store/message.mapper.js';
import { MessageReadStore } from '../store/message-read.store.js';
import type { MessageWithState } from '../store/message.row.js';
import { StateStore, type Counted, type Happening } from '../store/state.store.js';
import { applyFact, type Step, type TrackedFact } from './apply-fact.js';

const SCAN_FACTS: readonly string[] = [ScanOutboundPassedV1.type, ScanOutboundHeldV1.type, ScanOutboundRejectedV1.type];

/** Which announcements count in the inbox's counters. */
const COUNTED: Readonly<Partial<Record<string, Counted>>> = {
  'message.sent': 'sent',
  'message.flagged': 'flagged',
  'message.bounced': 'bounced',
  'message.complained': 'complained',
};

const messageIdOf = (fact: TrackedFact): string | null =>
  fact.type === ScanOutboundPassedV1.type ? fact.data.dispatch.messageId : fact.data.messageId;

const keyOf = (tenant: { organization_id: string; mode: string }, id: string): string =>
  `${tenant.organization_id}/${tenant.mode}/${id}`;

/** The only writer of a message's status: turns the facts of the other services into it. */
@Injectable()
export class TrackStatus {
  constructor(
    private readonly messages: MessageReadStore,
    private readonly states: StateStore,
    private readonly outbox: Outbox,
  ) {}

  /** @param facts  in stream order; those of messages that are not (any more) here have no effect. */
  async run(tx: Tx, facts: TrackedFact[]): Promise<void> {
    const about = facts.flatMap((fact) => {
      const messageId = messageIdOf(fact);
      return messageId === null ? [] : [{ fact, messageId, organizationId: fact.organizationId, mode: fact.mode }];
    });
    const rows = await this.messages.lock(tx, about);
    const current = new Map(rows.map((row) => [keyOf(row, row.id), row]));
    const changed = new Map<string, MessageWithState>();
    const told: { fact: TrackedFact; step: Step }[] = [];
    for (const { fact, messageId } of about) {
      const key = keyOf({ organization_id: fact.organizationId, mode: fact.mode }, messageId);
      const message = current.get(key);
      if (message === undefined) continue;
      for (const step of applyFact(message, fact)) {
        current.set(key, step.message);
        changed.set(key, step.message);
        told.push({ fact, step });
      }
    }
    await this.states.update(tx, [...changed.values()]);
    await this.states.count(
      tx,
      told.flatMap(({ step }) => happeningOf(step)),
    );
    await this.outbox.add(
      tx,
      MessageStatusChangedV1,
      told.map(({ fact, step }) => ({
        ...causedBy(fact),
        data: {
          message: toSummary(step.message),
          version: step.message.version,
          announce: step.announce,
          recipient: step.recipient,
        },
      })),
    );
    await this.outbox.settle(
      tx,
      facts.flatMap(({ type, causationId }) =>
        SCAN_FACTS.includes(type) && causationId !== null ? [causationId] : [],
      ),
    );
  }
}

function happeningOf({ announce, message }: Step): Happening[] {
  const what = announce === null ? undefined : COUNTED[announce];
  return what === undefined ? [] : [{ message, what }];
}
