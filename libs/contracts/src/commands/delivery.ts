import { z } from 'zod';
import { defineCommand } from '../command.js';
import { pageOf } from '../http/page.js';
import { CreateSuppressionBody, ListSuppressionsQuery, Suppression } from '../http/suppression.js';
import { MessageId } from '../ids.js';

export const ListSuppressions = defineCommand('delivery.list_suppressions', ListSuppressionsQuery, pageOf(Suppression));
export const CreateSuppression = defineCommand(
  'delivery.create_suppression',
  z.object({ address: z.string() }) satisfies z.ZodType<z.output<typeof CreateSuppressionBody>>,
  Suppression,
);
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
