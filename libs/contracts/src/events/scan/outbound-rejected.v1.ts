import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { Security } from '../../http/message.js';
import { MessageId } from '../../ids.js';

export const ScanOutboundRejectedV1 = defineEvent(
  'scan.outbound.rejected.v1',
  'scan',
  'An outbound message will not be sent: the guard blocked it.',
  z.object({
    messageId: MessageId,
    version: z.int().min(1),
    security: Security,
    /** Shown as the recipients' reason. */
    reason: z.string(),
  }),
);
