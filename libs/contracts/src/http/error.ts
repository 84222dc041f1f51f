import { z } from 'zod';

/** The one shape of every error reply; `message` is one sentence that says what to do. */
export const ErrorReply = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    status: z.int(),
    request_id: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ErrorReply = z.infer<typeof ErrorReply>;
