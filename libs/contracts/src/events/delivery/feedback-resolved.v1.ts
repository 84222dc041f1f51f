import { z } from 'zod';
import { Feedback } from '../../feedback.js';
import { defineEvent } from '../../frame.js';
import { MessageId } from '../../ids.js';

export const FeedbackResolvedV1 = defineEvent(
  'delivery.feedback.resolved.v1',
  'delivery',
  'Feedback of a known message that did not come with tags: matched by SES id, or simulated for test mode.',
  Feedback.extend({ messageId: MessageId, source: z.enum(['matched', 'simulated']) }),
);
