import { z } from 'zod';
import { defineCommand } from '../../command.js';
import { ExpectedReply } from '../../http/expect-reply.js';

/** Waits for a reply in a thread, in place of an earlier wait. */
export const ExpectReply = defineCommand(
  'messaging.expect_reply',
  z.object({ id: z.string(), by: z.iso.datetime({ offset: true }) }),
  ExpectedReply,
);
