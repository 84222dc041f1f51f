import { Injectable } from '@nestjs/common';
import type { Feedback, Mode, OrganizationId } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { SendKey } from '../send/send.js';

/** Feedback without tags, as it came. */
export interface UntaggedFeedback {
  eventId: string;
  feedback: Feedback;
  correlationId: string;
  traceparent: string;
}

/** Feedback whose message was found by its SES id. */
export interface MatchedFeedback extends UntaggedFeedback, SendKey {}

interface Row {
  event_id: string;
  feedback: Feedback;
  correlation_id: string;
  traceparent: string;
  organization_id: OrganizationId;
  mode: Mode;
  message_id: string;
}

/** Longer, and feedback that nobody knows is not ours: another sender of the same account. */
const KEEP = '24 hours';
const AT_ONCE = 200;

const SEEN = sql(
  'feedback_seen',
  `UPDATE feedback_seen SET last_sent_at = least($1::timestamptz, now()) WHERE last_sent_at < least($1::timestamptz, now())`,
);
const FIND = sql(
  'feedback_find_sends',
  `SELECT organization_id, mode, message_id, ses_message_id FROM sends WHERE ses_message_id = ANY ($1::text[])`,
);
const RECIPIENTS = sql(
  'feedback_recipients',
  `SELECT k.ordinality::int AS place, s.recipients
     FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS k(organization_id, mode, message_id)
     JOIN sends s USING (organization_id, mode, message_id)`,
);
const PARK = sql(
  'feedback_park',
  `INSERT INTO parked_feedback (event_id, ses_message_id, feedback, correlation_id, traceparent)
   SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
);
const UNPARK = sql(
  'feedback_unpark',
  `WITH known AS (
     SELECT p.event_id, s.organization_id, s.mode, s.message_id
       FROM parked_feedback p JOIN sends s ON s.ses_message_id = p.ses_message_id
      ORDER BY p.event_id LIMIT ${AT_ONCE} FOR UPDATE OF p SKIP LOCKED
   )
   DELETE FROM parked_feedback p USING known k WHERE p.event_id = k.event_id
   RETURNING p.event_id, p.feedback, p.correlation_id, p.traceparent, k.organization_id, k.mode, k.message_id`,
);
const EXPIRE = sql(
  'feedback_expire',
  `DELETE FROM parked_feedback WHERE event_id IN (
     SELECT event_id FROM parked_feedback WHERE parked_at < now() - interval '${KEEP}' FOR UPDATE SKIP LOCKED) RETURNING 1`,
);

/** What delivery remembers of SES's feedback beyond single sends. */
@Injectable()
export class FeedbackMemory {
  /**
   * Notes that a Send event reached us.
   * @param at  by SES's clock; a clock that runs ahead of ours proves nothing about what comes after.
   */
  async sawSend(tx: Tx, at: Date): Promise<void> {
    await tx.query(SEEN, [at]);
  }

  /** Finds messages by SES ids, over all tenants: such feedback does not say whose it is. */
  async findSends(tx: Tx, sesMessageIds: string[]): Promise<Map<string, SendKey>> {
    if (sesMessageIds.length === 0) return new Map();
    const rows = await tx.query<Row & { ses_message_id: string }>(FIND, [sesMessageIds]);
    return new Map(rows.map((row) => [row.ses_message_id, keyOf(row)]));
  }

  /** @returns for each key, in order, all recipients of the message; null when it is not known. */
  async recipientsOf(tx: Tx, keys: readonly SendKey[]): Promise<(string[] | null)[]> {
    if (keys.length === 0) return [];
    const rows = await tx.query<{ place: number; recipients: string[] }>(RECIPIENTS, [
      keys.map((key) => key.organizationId),
      keys.map((key) => key.mode),
      keys.map((key) => key.messageId),
    ]);
    const byPlace = new Map(rows.map(({ place, recipients }) => [place, recipients]));
    return keys.map((_, index) => byPlace.get(index + 1) ?? null);
  }

  /** Keeps feedback until its message is known. */
  async park(tx: Tx, untagged: readonly UntaggedFeedback[]): Promise<void> {
    if (untagged.length === 0) return;
    await tx.query(PARK, [
      untagged.map(({ eventId }) => eventId),
      untagged.map(({ feedback }) => feedback.sesMessageId),
      untagged.map(({ feedback }) => JSON.stringify(feedback)),
      untagged.map(({ correlationId }) => correlationId),
      untagged.map(({ traceparent }) => traceparent),
    ]);
  }

  /** Takes out what can be matched by now. */
  async unpark(tx: Tx): Promise<MatchedFeedback[]> {
    const rows = await tx.query<Row>(UNPARK);
    return rows.map((row) => ({
      ...keyOf(row),
      eventId: row.event_id,
      feedback: row.feedback,
      correlationId: row.correlation_id,
      traceparent: row.traceparent,
    }));
  }

  /** @returns how many were dropped because nobody claimed them within a day. */
  async expire(tx: Tx): Promise<number> {
    return (await tx.query(EXPIRE)).length;
  }
}

const keyOf = (row: Row): SendKey => ({
  organizationId: row.organization_id,
  mode: row.mode,
  messageId: row.message_id,
});
