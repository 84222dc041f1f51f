import { Injectable } from '@nestjs/common';
import { sql, type Tx } from '@postern/platform';
import type { ClaimedSend } from '../send/send.js';
import { stateAfter, statesBefore } from '../send/send-machine.js';
import type { Settlement } from '../send/settlement.js';

/** What a caller found out about a send that it claimed. */
export interface Result {
  send: ClaimedSend;
  settlement: Settlement;
}

// The token is the fence: whoever claimed the send later has another one, and then this result changes nothing.
const SAVE = sql(
  'send_save_results',
  `WITH result AS (
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                          $8::bigint[], $9::int[], $10::boolean[], $11::text[], $12::text[])
       AS r(organization_id, mode, message_id, token, befores, after, ses_message_id, delay_ms, tries, unused, code, deferral)
   ), mine AS (
     SELECT s.organization_id, s.mode, s.message_id, r.after, r.ses_message_id, r.delay_ms, r.tries, r.unused, r.code, r.deferral
       FROM sends s JOIN result r USING (organization_id, mode, message_id)
      WHERE s.claim_token = r.token AND s.state = ANY (string_to_array(r.befores, ' '))
      ORDER BY s.organization_id, s.mode, s.message_id
        FOR UPDATE OF s
   )
   UPDATE sends s
      SET state = m.after,
          ses_message_id = coalesce(m.ses_message_id, s.ses_message_id),
          next_attempt_at = coalesce(now() + m.delay_ms * interval '1 millisecond', s.next_attempt_at),
          tries = s.tries + m.tries,
          attempt = s.attempt - m.unused::int,
          first_attempt_at = CASE WHEN m.deferral = 'sending_paused' THEN NULL ELSE s.first_attempt_at END,
          claim_token = CASE WHEN m.after = 'in_doubt' THEN s.claim_token END,
          lease_until = NULL,
          in_doubt_since = CASE WHEN m.after = 'in_doubt' THEN now() END,
          deferred_reason = coalesce(m.deferral, s.deferred_reason),
          last_error = m.code,
          content = CASE WHEN m.after IN ('pending', 'in_doubt') THEN s.content END,
          updated_at = now()
     FROM mine m
    WHERE s.organization_id = m.organization_id AND s.mode = m.mode AND s.message_id = m.message_id
   RETURNING s.organization_id || ' ' || s.mode || ' ' || s.message_id AS key`,
);

const keyOf = ({ send }: Result): string => `${send.organizationId} ${send.mode} ${send.messageId}`;

/** Writes results of callers, many at once. */
@Injectable()
export class ResultStore {
  /**
   * @returns for each result, in order, whether it was written. False: the caller is no longer the last one that
   * claimed the send, or proof has settled it meanwhile.
   */
  async save(tx: Tx, results: readonly Result[]): Promise<boolean[]> {
    const saved = await tx.query<{ key: string }>(SAVE, [
      results.map(({ send }) => send.organizationId),
      results.map(({ send }) => send.mode),
      results.map(({ send }) => send.messageId),
      results.map(({ send }) => send.claimToken),
      results.map(({ settlement }) => statesBefore(settlement.input).join(' ')),
      results.map(({ settlement }) => stateAfter(settlement.input)),
      results.map(({ settlement }) => settlement.sesMessageId),
      results.map(({ settlement }) => settlement.delayMs),
      results.map(({ settlement }) => settlement.triesSpent),
      results.map(({ settlement }) => settlement.input === 'give_back'),
      results.map(({ settlement }) => settlement.code),
      results.map(({ settlement }) => settlement.deferral),
    ]);
    const keys = new Set(saved.map(({ key }) => key));
    return results.map((result) => keys.has(keyOf(result)));
  }
}
