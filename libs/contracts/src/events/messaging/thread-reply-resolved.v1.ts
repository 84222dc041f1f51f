import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { ExpectedReply, ReplyOutcome } from '../../http/expect-reply.js';

export const ThreadReplyResolvedV1 = defineEvent(
  'messaging.thread.reply_resolved.v1',
  'messaging',
  'A wait for a reply in a thread has ended. Once per wait that was not replaced.',
  z.object({ expected: ExpectedReply.extend({ status: z.literal('resolved'), outcome: ReplyOutcome }) }),
);
