import { z } from 'zod';
import { defineCommand } from '../command.js';
import { pageOf } from '../http/page.js';
import { CreateSuppressionBody, ListSuppressionsQuery, Suppression } from '../http/suppression.js';
import { InboxStatus } from '../http/inbox.js';
import { InboxId, MessageId } from '../ids.js';

export const ListSuppressions = defineCommand('delivery.list_suppressions', ListSuppressionsQuery, pageOf(Suppression));
export const CreateSuppression = defineCommand(
  'delivery.create_suppression',
  z.object({ address: z.string() }) satisfies z.ZodType<z.output<typeof CreateSuppressionBody>>,
  Suppression,
);
export const GetSuppression = defineCommand('delivery.get_suppression', z.object({ id: z.string() }), Suppression);
export const DeleteSuppression = defineCommand(
  'delivery.delete_suppression',
  z.object({ id: z.string() }),
  z.object({}),
);

/**
 * The last door: stops a message that SES was not asked about yet, also one that delivery has not heard of so far.
 * Safe to repeat. `cancelled: false` means that it is too late: the message was or may have been handed over, or has ended.
 */
export const CancelSend = defineCommand(
  'delivery.cancel_send',
  z.object({ messageId: MessageId }),
  z.object({ cancelled: z.boolean() }),
);

/**
 * Gives a scheduled message another time, also one that delivery has not heard of so far. Safe to repeat. `from` is what
 * `send_at` was before, `to` what it is now; null is none. `moved: false`: it is too late, or the message was cancelled.
 */
export const MoveSend = defineCommand(
  'delivery.move_send',
  z.object({ messageId: MessageId, from: z.iso.datetime().nullable(), to: z.iso.datetime().nullable() }),
  z.object({ moved: z.boolean() }),
);

/**
 * Tells that an inbox was paused or resumed, ahead of the fact: after the answer no message of a paused inbox is handed over.
 * `version` is that of the inbox; an older one than what is known changes nothing.
 */
export const NoteInboxStatus = defineCommand(
  'delivery.note_inbox_status',
  z.object({ inboxId: InboxId, status: InboxStatus, version: z.int() }),
  z.object({}),
);
