import { Injectable } from '@nestjs/common';
import type { Mode, OrganizationId } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { SendKey, TracedSend } from '../send/send.js';
import { type SendState, statesBefore } from '../send/send-machine.js';

/** Feedback that shows that SES took a message. */
export interface Proof extends SendKey {
  sesMessageId: string;
  /** From our tag; null when it came without. */
  attempt: number | null;
  eventId: string;
}

/** A send that proof has settled. */
export interface Proven extends TracedSend {
  /** Its state before. */
  was: SendState;
  recipients: string[];
  sesMessageId: string;
  eventId: string;
}

interface Row {
  organization_id: OrganizationId;
  mode: Mode;
  message_id: string;
  was: SendState;
  attempt: number;
  recipients: string[];
  ses_message_id: string;
  event_id: string;
  correlation_id: string;
  causation_id: string | null;
  traceparent: string;
}

const PROOFS = `unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::text[])
  AS p(organization_id, mode, message_id, ses_message_id, attempt, event_id)`;

const PROVE = sql(
  'send_prove',
  `WITH mine AS (
     SELECT s.organization_id, s.mode, s.message_id, s.state AS was, p.ses_message_id, p.event_id,
            greatest(coalesce(p.attempt, s.attempt), 1) AS proven_attempt
       FROM sends s JOIN ${PROOFS} USING (organization_id, mode, message_id)
      WHERE s.state IN (${statesBefore('prove')
        .map((state) => `'${state}'`)
        .join(', ')})
      ORDER BY s.organization_id, s.mode, s.message_id
        FOR UPDATE OF s
   )
   UPDATE sends s
      SET state = 'sent', parked = false, ses_message_id = m.ses_message_id, claim_token = NULL, lease_until = NULL,
          in_doubt_since = NULL, last_error = NULL, content = NULL, updated_at = now()
     FROM mine m
    WHERE s.organization_id = m.organization_id AND s.mode = m.mode AND s.message_id = m.message_id
   RETURNING s.organization_id, s.mode, s.message_id, m.was, m.proven_attempt AS attempt, s.ses_message_id, m.event_id,
             array(SELECT r FROM unnest(s.recipients) AS r WHERE r <> ALL (s.left_out)) AS recipients,
             s.correlation_id, s.causation_id, s.traceparent`,
);

const DOUBLED = sql(
  'send_doubled',
  `SELECT s.organization_id, s.mode, s.message_id FROM sends s JOIN ${PROOFS} USING (organization_id, mode, message_id)
    WHERE s.state = 'sent' AND s.ses_message_id <> p.ses_message_id`,
);

/** Settles sends by what SES's feedback proves. */
@Injectable()
export class ProofStore {
  /**
   * Marks sends as sent whose end is still open. Others stay as they are.
   * @param proofs  at most one of each send.
   */
  async prove(tx: Tx, proofs: readonly Proof[]): Promise<Proven[]> {
    if (proofs.length === 0) return [];
    const rows = await tx.query<Row>(PROVE, parameters(proofs));
    return rows.map((row) => ({
      organizationId: row.organization_id,
      mode: row.mode,
      messageId: row.message_id,
      was: row.was,
      attempt: row.attempt,
      recipients: row.recipients,
      sesMessageId: row.ses_message_id,
      eventId: row.event_id,
      correlationId: row.correlation_id,
      causationId: row.causation_id,
      traceparent: row.traceparent,
    }));
  }

  /** @returns how many of the proofs speak of another copy than the one that its send knows: SES took the message twice. */
  async countDoubled(tx: Tx, proofs: readonly Proof[]): Promise<number> {
    if (proofs.length === 0) return 0;
    return (await tx.query(DOUBLED, parameters(proofs))).length;
  }
}

const parameters = (proofs: readonly Proof[]): unknown[] => [
  proofs.map((proof) => proof.organizationId),
  proofs.map((proof) => proof.mode),
  proofs.map((proof) => proof.messageId),
  proofs.map((proof) => proof.sesMessageId),
  proofs.map((proof) => proof.attempt),
  proofs.map((proof) => proof.eventId),
];
