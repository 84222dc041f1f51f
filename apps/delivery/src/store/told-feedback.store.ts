import { Injectable } from '@nestjs/common';
import type { Feedback, Tenant } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import type { SentMessage } from '../feedback/told-feedback.js';

// Only what is proven to be sent: a report that anybody may have written settles no attempt in doubt.
const FIND = sql(
  'feedback_find_told',
  `WITH told AS (
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
       AS t(organization_id, mode, inbox_id, message_id, ses_message_id, place)
   ), found AS (
     SELECT t.place, t.inbox_id AS told_to, s.* FROM told t JOIN sends s USING (organization_id, mode, message_id)
     UNION ALL
     SELECT t.place, t.inbox_id, s.* FROM told t
       JOIN sends s ON s.ses_message_id = t.ses_message_id AND s.organization_id = t.organization_id AND s.mode = t.mode
      WHERE t.message_id = '' AND t.ses_message_id <> ''
   )
   SELECT place::int, message_id AS "messageId", ses_message_id AS "sesMessageId",
          array(SELECT r FROM unnest(recipients) AS r WHERE r <> ALL (left_out)) AS recipients
     FROM found WHERE inbox_id = told_to AND state = 'sent'`,
);

/** Finds the messages that reports by mail speak of. */
@Injectable()
export class ToldFeedbackStore {
  /** @returns for each, in order, the message of that tenant and inbox; null when there is none, or it was not sent. */
  async find(tx: Tx, told: readonly (Tenant & { data: Feedback })[]): Promise<(SentMessage | null)[]> {
    if (told.length === 0) return [];
    const rows = await tx.query<SentMessage & { place: number }>(FIND, [
      told.map(({ organizationId }) => organizationId),
      told.map(({ mode }) => mode),
      told.map(({ data }) => data.toldTo?.inboxId ?? ''),
      told.map(({ data }) => data.messageId ?? ''),
      told.map(({ data }) => data.sesMessageId),
    ]);
    const byPlace = new Map(rows.map((row) => [row.place, row]));
    return told.map((_, index) => byPlace.get(index + 1) ?? null);
  }
}
