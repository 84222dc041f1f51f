import { Injectable } from '@nestjs/common';
import { sameIdAs } from '@postern/contracts';
import type { DeletedMessage, Purge } from '@postern/eventing';
import { sql, type Tx } from '@postern/platform';

const DELETE_MAILS = sql(
  'mails_delete',
  `DELETE FROM mails m USING unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, id)
    WHERE m.organization_id = q.organization_id AND m.mode = q.mode AND m.id = q.id`,
);
// SES repeats the headers of the message in what it tells about it.
const EMPTY_NOTIFICATIONS = sql(
  'sns_notifications_empty',
  `UPDATE sns_notifications n SET record = NULL
     FROM unnest($1::text[], $2::text[], $3::text[]) AS q(organization_id, mode, message_id)
    WHERE n.about_message_id = q.message_id AND n.organization_id = q.organization_id AND n.mode = q.mode
      AND n.record IS NOT NULL`,
);

/** Where a mail came from and what SES told of a message goes with the message. */
@Injectable()
export class PurgeMails implements Purge {
  async run(tx: Tx, messages: readonly DeletedMessage[]): Promise<void> {
    const mails = messages.map((message) => ({ ...message, messageId: sameIdAs('mail', message.messageId) }));
    await tx.query(DELETE_MAILS, identity(mails));
    await tx.query(EMPTY_NOTIFICATIONS, identity(messages));
  }
}

const identity = (messages: readonly DeletedMessage[]): string[][] => [
  messages.map(({ organizationId }) => organizationId),
  messages.map(({ mode }) => mode),
  messages.map(({ messageId }) => messageId),
];
