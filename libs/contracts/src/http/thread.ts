import { z } from 'zod';
import { Address } from '../address.js';
import { InboxId, MessageId, ThreadId } from '../ids.js';
import { addsOrRemoves, Labels } from './metadata.js';
import { PageQuery } from './page.js';
import { Timestamp } from './timestamp.js';

export const Thread = z.object({
  id: ThreadId,
  inbox_id: InboxId,
  subject: z.string().nullable(),
  participants: z.array(Address),
  message_count: z.int(),
  last_message_id: MessageId.nullable(),
  last_message_at: Timestamp.nullable(),
  labels: z.array(z.string()),
  created_at: Timestamp,
});
export type Thread = z.infer<typeof Thread>;

export const ListThreadsQuery = z.strictObject(PageQuery);
export type ListThreadsQuery = z.infer<typeof ListThreadsQuery>;

/** `PATCH /v1/threads/{id}`: labels of the thread itself; those of its messages stay. */
export const UpdateThreadBody = addsOrRemoves(
  z.strictObject({ add_labels: Labels.optional(), remove_labels: Labels.optional() }),
);
export type UpdateThreadBody = z.infer<typeof UpdateThreadBody>;
