import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Content, Envelope, Mode, OrganizationId, SuppressionReason } from '@postern/contracts';
import { Database, type Tx } from '@postern/platform';
import type { ClaimedSend } from '../send/send.js';
import { ANY_DUE, CLAIM } from './claim-statement.js';

/** Its inbox is paused, or a brake of its inbox, domain or organization is on. */
export type ParkReason = 'inbox_paused' | 'reputation_paused';

/** A recipient that the claim left out. */
export interface Dropped {
  address: string;
  reason: SuppressionReason;
}

/** A send that the claim touched: held by the caller now, ended because nobody was left to send to, or put aside. */
export interface Claim {
  send: ClaimedSend;
  dropped: Dropped[];
  /** False: all recipients are suppressed, or it is parked. */
  goes: boolean;
  /** Why it waits to be let go, if that was not told before. */
  parkedNow: ParkReason | null;
}

export interface Claims {
  claims: Claim[];
  /** Where the next claim begins; empty when this one came to the end. */
  cursor: string;
}

/** Shares of organizations; 1 for those that are not named. */
export type Weights = ReadonlyMap<string, number>;

export interface ClaimLimits {
  /** The most sends. */
  messages: number;
  /** A claim ends with the send that reaches it, and takes one at least. */
  recipients: number;
  leaseSeconds: number;
  weights: Weights;
}

interface Row {
  cursor: string;
  organization_id: OrganizationId | null;
  mode: Mode;
  message_id: string;
  goes: boolean;
  parked_now: ParkReason | null;
  attempt: number;
  tries: number;
  first_attempt_at: Date;
  deferred_reason: string | null;
  mail_from: string;
  recipients: string[];
  content: Content;
  envelope: Envelope;
  content_hash: string;
  dropped: string[];
  reasons: SuppressionReason[];
  correlation_id: string;
  causation_id: string | null;
  traceparent: string;
}

/** Takes sends for a caller: in one statement, with the checks of suppressions and pauses. */
@Injectable()
export class ClaimStore {
  constructor(private readonly database: Database) {}

  /** Whether a claim may find something. Reads only, unlike a claim that finds nothing. */
  async isAnyDue(mode: Mode): Promise<boolean> {
    const [row] = await this.database.query<{ due: boolean }>(ANY_DUE, [mode, '']);
    return row?.due ?? false;
  }

  /**
   * Claims due sends, for each organization its share, beginning after `cursor`.
   * @returns what it touched, in no order. Commit before asking SES.
   */
  async claim(tx: Tx, mode: Mode, cursor: string, limits: ClaimLimits): Promise<Claims> {
    const { messages, recipients, leaseSeconds, weights } = limits;
    const claimToken = randomUUID();
    const rows = await tx.query<Row>(CLAIM, [
      mode,
      cursor,
      messages,
      claimToken,
      leaseSeconds,
      recipients,
      [...weights.keys()],
      [...weights.values()],
    ]);
    const claims = rows.flatMap((row) => (row.organization_id === null ? [] : [claimOf(row, claimToken)]));
    return { claims, cursor: rows[0]?.cursor ?? '' };
  }
}

function claimOf(row: Row, claimToken: string): Claim {
  return {
    goes: row.goes,
    parkedNow: row.parked_now,
    dropped: row.dropped.map((address, index) => ({ address, reason: row.reasons[index] ?? 'manual' })),
    send: {
      organizationId: row.organization_id as OrganizationId,
      mode: row.mode,
      messageId: row.message_id,
      attempt: row.attempt,
      tries: row.tries,
      firstAttemptAt: row.first_attempt_at,
      deferredReason: row.deferred_reason,
      claimToken,
      mailFrom: row.mail_from,
      recipients: row.recipients,
      content: row.content,
      envelope: row.envelope,
      contentHash: row.content_hash,
      correlationId: row.correlation_id,
      causationId: row.causation_id,
      traceparent: row.traceparent,
    },
  };
}
