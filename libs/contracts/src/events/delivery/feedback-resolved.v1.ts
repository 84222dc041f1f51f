import { z } from 'zod';
import { Feedback } from '../../feedback.js';
import { defineEvent } from '../../frame.js';
import { MessageId } from '../../ids.js';

export const FeedbackResolvedV1 = defineEvent(
  'delivery.feedback.resolved.v1',
  'delivery',
  'Feedback of a known message that did not come with tags: matched by SES id, simulated for test mode, or told by the carrier at hand-over.',
  Feedback.extend({ messageId: MessageId, source: z.enum(['matched', 'simulated', 'carrier']) }),
);
