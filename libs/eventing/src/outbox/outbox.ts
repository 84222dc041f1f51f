import { Injectable } from '@nestjs/common';
import { type EventDefinition, Frame, messageOf, newId, type EventId, type Tenant } from '@postern/contracts';
import { afterCommit, currentContext, newTraceparent, sql, type Tx } from '@postern/platform';
import type { z } from 'zod';
import { RelayWake } from '../relay/relay-wake.js';

/** A fact on its way into the outbox. */
export interface NewFact<E extends EventDefinition> extends Tenant {
  data: z.input<E['data']>;
  /** The fact that led to this one. */
  causationId?: string | null;
  /** Defaults to that of the work under way. */
  correlationId?: string;
  traceparent?: string;
  /** Given when the same work may be done twice and must make the same fact. Must be an `evt_` id of about now. */
  id?: EventId;
}

interface OutboxOptions {
  /** Publish round-robin over organizations, holding back an organization with many unsettled facts. */
  fair?: boolean;
}

/** A finished outbox row: statements of other modules may insert it themselves, in one round trip with their own rows. */
export interface OutboxRow extends Tenant {
  id: string;
  type: string;
  record: string;
  traceparent: string;
  fair: boolean;
  /** The message that the fact speaks of. */
  messageId: string | null;
}

const INSERT = sql(
  'outbox_insert',
  `INSERT INTO outbox (id, organization_id, mode, type, record, traceparent, fair, message_id)
   SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[], $8::text[])`,
);
// Rows in the order of their ids, here and wherever several are written: the relay marks the same ones at the same time.
const SETTLE = sql(
  'outbox_settle',
  `UPDATE outbox SET unsettled = false WHERE id IN (
     SELECT id FROM outbox WHERE id = ANY($1::text[]) AND unsettled ORDER BY id FOR NO KEY UPDATE)`,
);
const LET_GO = sql(
  'outbox_let_go',
  `UPDATE outbox SET fair = false, unsettled = false WHERE id IN (
     SELECT id FROM outbox WHERE message_id = ANY($1::text[]) AND fair ORDER BY id FOR NO KEY UPDATE)`,
);

/**
 * Facts leave a service only through here: written in the transaction that made them true, published by the relay
 * after its commit.
 */
@Injectable()
export class Outbox {
  constructor(private readonly wake: RelayWake) {}

  /**
   * Adds facts to the transaction.
   * @throws ZodError when a fact does not meet its contract: our bug, so the transaction must fail.
   */
  async add<E extends EventDefinition>(
    tx: Tx,
    event: E,
    facts: NewFact<E>[],
    options: OutboxOptions = {},
  ): Promise<void> {
    await this.write(
      tx,
      facts.map((fact) => this.row(event, fact, options)),
    );
  }

  /** Makes the row of a fact without writing it. */
  row<E extends EventDefinition>(event: E, fact: NewFact<E>, options: OutboxOptions = {}): OutboxRow {
    const context = currentContext();
    const id = fact.id ?? newId('evt');
    const record = Frame.parse({
      id,
      type: event.type,
      occurredAt: new Date().toISOString(),
      organizationId: fact.organizationId,
      mode: fact.mode,
      correlationId: fact.correlationId ?? context?.requestId ?? id,
      causationId: fact.causationId ?? null,
      traceparent: fact.traceparent ?? context?.traceparent ?? newTraceparent(),
    });
    const data = event.data.parse(fact.data);
    return {
      id,
      organizationId: fact.organizationId,
      mode: fact.mode,
      type: event.type,
      record: JSON.stringify({ ...record, data }),
      traceparent: record.traceparent,
      fair: options.fair ?? false,
      messageId: messageOf(data),
    };
  }

  /** Writes finished rows and wakes the relay when the transaction is over. */
  async write(tx: Tx, rows: OutboxRow[]): Promise<void> {
    if (rows.length === 0) return;
    await tx.query(INSERT, [
      rows.map((row) => row.id),
      rows.map((row) => row.organizationId),
      rows.map((row) => row.mode),
      rows.map((row) => row.type),
      rows.map((row) => row.record),
      rows.map((row) => row.traceparent),
      rows.map((row) => row.fair),
      rows.map((row) => row.messageId),
    ]);
    afterCommit(tx, () => this.wake.now());
  }

  /** Tells that fair facts were answered, so that more of their organization may follow. */
  async settle(tx: Tx, eventIds: string[]): Promise<void> {
    if (eventIds.length === 0) return;
    await tx.query(SETTLE, [eventIds]);
    afterCommit(tx, () => this.wake.now());
  }

  /** Fair facts about messages that nobody will answer any more: they keep no others of their organization waiting. */
  async letGo(tx: Tx, messageIds: readonly string[]): Promise<void> {
    if (messageIds.length === 0) return;
    await tx.query(LET_GO, [messageIds]);
    afterCommit(tx, () => this.wake.now());
  }
}
