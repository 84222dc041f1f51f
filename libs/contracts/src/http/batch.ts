import { z } from 'zod';
import { ErrorReply } from './error.js';
import { Message } from './message.js';

export const BATCH_MAX = 100;

/** Items are checked one by one, so that a wrong one does not fail the others; hence anything is taken here. */
export const SendBatchBody = z.strictObject({
  messages: z
    .array(z.unknown().meta({ type: 'object', description: 'As the body of `POST /v1/messages`' }))
    .min(1)
    .max(BATCH_MAX),
});
export type SendBatchBody = z.infer<typeof SendBatchBody>;

/** What became of one item: the message, or the error that it would have been answered with alone. */
export const BatchItemResult = z.object({
  status: z.int().meta({ description: 'The HTTP status that the item would have had alone', example: 202 }),
  message: Message.optional(),
  error: ErrorReply.shape.error.optional(),
});
export type BatchItemResult = z.infer<typeof BatchItemResult>;

export const BatchResult = z.object({ data: z.array(BatchItemResult) });
export type BatchResult = z.infer<typeof BatchResult>;
