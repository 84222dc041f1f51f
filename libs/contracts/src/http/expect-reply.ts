import { z } from 'zod';
import { InboxId, MessageId, ThreadId } from '../ids.js';
import { Timestamp, TimestampInput } from './timestamp.js';

/** The longest time for which a reply can be waited for. */
export const EXPECT_DAYS_MAX = 30;
const DAY_MS = 24 * 3600 * 1000;

export const ExpectReplyBody = z.strictObject({
  by: TimestampInput.refine((value) => !(new Date(value).getTime() <= Date.now()), { message: 'must be in the future' })
    .refine((value) => !(new Date(value).getTime() > Date.now() + EXPECT_DAYS_MAX * DAY_MS), {
      message: `must be at most ${EXPECT_DAYS_MAX} days ahead`,
    })
    .meta({ description: `Until when to wait; at most ${EXPECT_DAYS_MAX} days ahead.` }),
});
export type ExpectReplyBody = z.infer<typeof ExpectReplyBody>;

/**
 * How a wait ended. `reply`: mail came in the thread; `auto_reply`: the same, sent by a machine; `bounce`: nobody is left
 * whom the last outbound message could have reached; `timeout`: none of these in time.
 */
export const ReplyOutcome = z.enum(['reply', 'bounce', 'auto_reply', 'timeout']);
export type ReplyOutcome = z.infer<typeof ReplyOutcome>;

/** A wait for a reply in a thread. */
export const ExpectedReply = z.object({
  thread_id: ThreadId,
  inbox_id: InboxId,
  by: Timestamp,
  status: z.enum(['waiting', 'resolved']),
  outcome: ReplyOutcome.nullable(),
  message_id: MessageId.nullable().meta({ description: 'the reply, or the message that bounced' }),
  created_at: Timestamp,
  resolved_at: Timestamp.nullable(),
});
export type ExpectedReply = z.infer<typeof ExpectedReply>;
