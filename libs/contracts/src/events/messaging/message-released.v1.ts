import { z } from 'zod';
import { Content } from '../../content.js';
import { defineEvent } from '../../frame.js';
import { MessageSummary } from '../../http/message.js';
import { KeyId } from '../../ids.js';

export const MessageReleasedV1 = defineEvent(
  'messaging.message.released.v1',
  'messaging',
  'Somebody let a withheld inbound message be read. Once per message.',
  z.object({
    message: MessageSummary,
    version: z.int(),
    /** JSON of {@link ReceivedBody}, carried or named. */
    body: Content,
    /** The key that asked for it. */
    actor: KeyId.nullable(),
  }),
);
