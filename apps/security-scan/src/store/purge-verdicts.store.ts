import { Injectable } from '@nestjs/common';
import { sameIdAs } from '@postern/contracts';
import type { DeletedMessage, Purge } from '@postern/eventing';
import { sql, type Tx } from '@postern/platform';
import { ExtractedTextStore } from './extracted-text.store.js';

const MESSAGES = `unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, message_id)`;
const OF_MESSAGE = (table: string): string =>
  `${table}.organization_id = q.organization_id AND ${table}.mode = q.mode AND ${table}.message_id = q.message_id`;

/** That somebody decided, and how, stays; what was decided on does not. Approvals in the order in which cancellations end them. */
const EMPTY_APPROVALS = sql(
  'approvals_empty',
  `WITH emptied AS (
     UPDATE approvals a
        SET status = CASE a.status WHEN 'pending' THEN 'cancelled' ELSE a.status END,
            resolved_at = coalesce(a.resolved_at, now()), dispatch = NULL, terms = NULL,
            revising = NULL, security = NULL, message_preview = NULL
       FROM (SELECT a.organization_id, a.mode, a.id FROM approvals a JOIN ${MESSAGES} ON ${OF_MESSAGE('a')}
              ORDER BY a.organization_id, a.mode, a.id FOR NO KEY UPDATE OF a) p
      WHERE a.organization_id = p.organization_id AND a.mode = p.mode AND a.id = p.id
     RETURNING a.organization_id, a.mode, a.id)
   UPDATE approval_decisions d SET note = NULL FROM emptied e
    WHERE d.organization_id = e.organization_id AND d.mode = e.mode AND d.approval_id = e.id AND d.note IS NOT NULL`,
);
const EMPTY_VERDICTS = sql(
  'verdicts_empty',
  `UPDATE verdicts v SET security = NULL, judged_with = NULL FROM ${MESSAGES} WHERE ${OF_MESSAGE('v')} AND v.security IS NOT NULL`,
);
const DELETE_INBOUND = sql(
  'inbound_verdicts_delete',
  `DELETE FROM inbound_verdicts v USING unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, mail_id)
    WHERE v.organization_id = q.organization_id AND v.mode = q.mode AND v.mail_id = q.mail_id`,
);
const DELETE_VERDICTS = sql(
  'verdicts_delete',
  `DELETE FROM verdicts v USING ${MESSAGES} WHERE ${OF_MESSAGE('v')} AND NOT EXISTS (
     SELECT 1 FROM approvals a WHERE ${OF_MESSAGE('a')})`,
);

/** What the guard found and read in a message, and what reviewers were shown of it, goes with the message. */
@Injectable()
export class PurgeVerdicts implements Purge {
  constructor(private readonly texts: ExtractedTextStore) {}

  async run(tx: Tx, messages: readonly DeletedMessage[]): Promise<void> {
    await this.texts.purge(tx, messages);
    const outbound = messages.filter(({ direction }) => direction === 'outbound');
    const inbound = messages.filter(({ direction }) => direction === 'inbound');
    if (outbound.length > 0) {
      await tx.query(EMPTY_APPROVALS, identity(outbound));
      await tx.query(EMPTY_VERDICTS, identity(outbound));
    }
    if (inbound.length > 0) {
      const mails = inbound.map((message) => ({ ...message, messageId: sameIdAs('mail', message.messageId) }));
      await tx.query(DELETE_INBOUND, identity(mails));
    }
  }

  /** Verdicts that no approval rests on end with the tombstone: until then they keep a version from being decided twice. */
  async forget(tx: Tx, messages: readonly DeletedMessage[]): Promise<void> {
    await tx.query(DELETE_VERDICTS, identity(messages));
  }
}

const identity = (messages: readonly DeletedMessage[]): string[][] => [
  messages.map(({ organizationId }) => organizationId),
  messages.map(({ mode }) => mode),
  messages.map(({ messageId }) => messageId),
];
