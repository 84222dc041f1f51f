import { z } from 'zod';
import { Content } from '../../content.js';
import { defineEvent } from '../../frame.js';
import { Security } from '../../http/message.js';
import { MailReceived } from '../ingest/mail-received.v1.js';

export const ScanInboundCompletedV1 = defineEvent(
  'scan.inbound.completed.v1',
  'scan',
  'An inbound mail was judged and may be stored as a message.',
  z.object({
    received: MailReceived,
    security: Security,
    securityStatus: z.enum(['clean', 'flagged', 'withheld']),
    /** JSON of {@link AttachmentTexts}, carried or named. Absent when no attachment has text. */
    attachmentText: Content.optional(),
  }),
);
