import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { ReputationCause, ReputationCounts, ReputationScope } from '../../http/reputation.js';

export const ReputationChangedV1 = defineEvent(
  'delivery.reputation.changed.v1',
  'delivery',
  'Too much mail bounced or led to complaints: a warning, a brake, or the end of a brake.',
  z.object({
    change: z.enum(['warned', 'paused', 'lifted']),
    scope: ReputationScope,
    /** Id of the inbox, name of the domain, or empty for the organization. */
    subject: z.string(),
    /** Grows with each change of the same subject; an older one that comes later is ignored. */
    version: z.int(),
    cause: ReputationCause,
    /** At the change; what was counted up to the lift, for `lifted`. */
    counts: ReputationCounts,
    /** The window that they were counted in. */
    windowHours: z.int(),
  }),
);
