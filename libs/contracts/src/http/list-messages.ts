import { z } from 'zod';
import { ThreadId } from '../ids.js';
import { DeliveryStatus, SecurityStatus } from '../status.js';
import { PageQuery } from './page.js';
import { TimestampInput } from './timestamp.js';

/** Filters of the message lists; `from` and `to` match an exact address, `subject` a part of it in any case. */
export const ListMessagesQuery = z.strictObject({
  ...PageQuery,
  direction: z.enum(['inbound', 'outbound']).optional(),
  delivery_status: DeliveryStatus.optional(),
  security_status: SecurityStatus.optional(),
  thread_id: ThreadId.optional(),
  label: z.string().min(1).max(100).optional(),
  from: z.string().min(1).max(254).optional(),
  to: z.string().min(1).max(254).optional(),
  subject: z.string().min(1).max(200).optional(),
  since: TimestampInput.optional(),
  until: TimestampInput.optional(),
  has_attachments: z.union([z.boolean(), z.stringbool()]).optional(),
});
export type ListMessagesQuery = z.infer<typeof ListMessagesQuery>;
