import { z } from 'zod';
import { Content } from '../../content.js';
import { defineEvent } from '../../frame.js';
import { Security } from '../../http/message.js';
import { InboxId } from '../../ids.js';
import { RefusedRecipient } from '../../list-ruling.js';
import { Dispatch } from '../messaging/message-accepted.v1.js';

export const ScanOutboundPassedV1 = defineEvent(
  'scan.outbound.passed.v1',
  'scan',
  'An outbound message may be sent: it was found clean, was only tagged, or a person approved it.',
  z.object({
    inboxId: InboxId,
    dispatch: Dispatch,
    security: Security,
    securityStatus: z.enum(['clean', 'flagged']),
    /** Recipients of the envelope that lists refuse: they get nothing. Never all of them. Absent: none. */
    refused: z.array(RefusedRecipient).optional(),
    /** JSON of {@link AttachmentTexts}, carried or named. Absent when no attachment has text, or the fact that held the message has it. */
    attachmentText: Content.optional(),
  }),
);
