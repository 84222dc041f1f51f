import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { InboxId, KeyId, MessageId, ThreadId } from '../../ids.js';

export const MessageDeletedV1 = defineEvent(
  'messaging.message.deleted.v1',
  'messaging',
  'A message was deleted for good. Whoever keeps something of it forgets the content; later facts about it have no effect. Once per message.',
  z.object({
    messageId: MessageId,
    inboxId: InboxId,
    threadId: ThreadId,
    direction: z.enum(['inbound', 'outbound']),
    /** It was the last message of its thread, which is gone too. */
    threadDeleted: z.boolean(),
    /** What somebody asked to delete. */
    cause: z.enum(['message', 'thread', 'inbox']),
    /** One more than the last version that was told; nothing follows. */
    version: z.int().min(1),
    /** The key that asked for it. */
    actor: KeyId.nullable(),
  }),
);
