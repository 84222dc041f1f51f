import { Injectable } from '@nestjs/common';
import { ScanOutboundHeldV1, ScanOutboundPassedV1, ScanOutboundRejectedV1 } from '@postern/contracts';
import { causedBy, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { MessageReadStore } from '../store/message-read.store.js';
import { applyFact, type TrackedFact } from './apply-fact.js';
import { type CausedStep, RecordSteps } from './record-steps.js';

const SCAN_FACTS: readonly string[] = [ScanOutboundPassedV1.type, ScanOutboundHeldV1.type, ScanOutboundRejectedV1.type];

const messageIdOf = (fact: TrackedFact): string | null =>
  fact.type === ScanOutboundPassedV1.type ? fact.data.dispatch.messageId : fact.data.messageId;

const keyOf = (tenant: { organization_id: string; mode: string }, id: string): string =>
  `${tenant.organization_id}/${tenant.mode}/${id}`;

/** The only writer of a message's status: turns the facts of the other services into it. */
@Injectable()
export class TrackStatus {
  constructor(
    private readonly messages: MessageReadStore,
    private readonly steps: RecordSteps,
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
    const told: CausedStep[] = [];
    for (const { fact, messageId } of about) {
      const key = keyOf({ organization_id: fact.organizationId, mode: fact.mode }, messageId);
      const message = current.get(key);
      if (message === undefined) continue;
      for (const step of applyFact(message, fact)) {
        current.set(key, step.message);
        told.push({ cause: causedBy(fact), step });
      }
    }
    await this.steps.run(tx, rows, told);
    await this.outbox.settle(
      tx,
      facts.flatMap(({ type, causationId }) =>
        SCAN_FACTS.includes(type) && causationId !== null ? [causationId] : [],
      ),
    );
  }
}
