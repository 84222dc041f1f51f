import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { MessageId } from '../../ids.js';
import { BlockReason } from '../../status.js';

const attempt = { messageId: MessageId, attempt: z.int().min(1), at: z.iso.datetime() };

export const RecipientSentV1 = defineEvent(
  'delivery.recipient.sent.v1',
  'delivery',
  'SES took the message for these recipients.',
  z.object({
    ...attempt,
    recipients: z.array(z.string()).min(1),
    /** Bare, as the API returns it. */
    sesMessageId: z.string(),
    /** With brackets, as recipients see it: SES replaces our Message-ID. */
    wireMessageId: z.string(),
    /** True when only the `Send` event proved it, or a rule decided. */
    settledLate: z.boolean(),
  }),
);

export const RecipientDeferredV1 = defineEvent(
  'delivery.recipient.deferred.v1',
  'delivery',
  'Sending waits: throttled, out of quota, SES away, or in doubt.',
  z.object({ ...attempt, reason: z.string(), nextAttemptAt: z.iso.datetime().nullable() }),
);

export const RecipientFailedV1 = defineEvent(
  'delivery.recipient.failed.v1',
  'delivery',
  'Sending has ended without success for all recipients that were left.',
  z.object({
    ...attempt,
    outcome: z.enum(['failed', 'rejected']),
    code: z.string(),
    reason: z.string(),
    recipients: z.array(z.string()).min(1),
  }),
);

export const RecipientSuppressedV1 = defineEvent(
  'delivery.recipient.suppressed.v1',
  'delivery',
  'Recipients were left out because they are suppressed.',
  z.object({
    messageId: MessageId,
    at: z.iso.datetime(),
    recipients: z.array(z.object({ address: z.string(), reason: BlockReason })).min(1),
  }),
);
