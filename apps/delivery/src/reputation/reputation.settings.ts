import { defineSettings, setting, wholeNumber } from '@postern/platform';
import { z } from 'zod';
import type { ReputationLimits } from './judge.js';

const MAX_WINDOW_HOURS = 31 * 24;
const MAX_SENT = 1_000_000;

const percent = (): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,3}(\.\d{1,4})?$/, 'must be a percentage such as 5 or 0.1')
    .transform(Number)
    .refine((value) => value > 0 && value <= 100, 'must be over 0 and at most 100');

export const reputationSettings = defineSettings({
  DELIVERY_REPUTATION_WINDOW_HOURS: setting(wholeNumber(1, MAX_WINDOW_HOURS), {
    description: 'The sliding window in which bounces and complaints are counted.',
    unit: 'hours',
    default: '168',
    example: '72',
  }),
  // Amazon reviews accounts from 5 % bounces and 0.1 % complaints on (SES developer guide, "Sending review process FAQs").
  DELIVERY_BOUNCE_WARN_PERCENT: setting(percent(), {
    description: 'The share of bounces from which on an inbox, domain or organization is warned about.',
    unit: 'percent',
    default: '3',
    example: '2',
  }),
  DELIVERY_BOUNCE_PAUSE_PERCENT: setting(percent(), {
    description: 'The share of bounces from which on an inbox, domain or organization is paused.',
    unit: 'percent',
    default: '5',
    example: '4.5',
  }),
  DELIVERY_BOUNCE_MIN_SENT: setting(wholeNumber(1, MAX_SENT), {
    description:
      'Recipients within the window from which on bounces of an inbox are judged; of a domain or an organization ten times as many.',
    unit: 'recipients',
    default: '100',
    example: '50',
  }),
  DELIVERY_COMPLAINT_WARN_PERCENT: setting(percent(), {
    description: 'The share of complaints from which on an inbox, domain or organization is warned about.',
    unit: 'percent',
    default: '0.08',
    example: '0.05',
  }),
  DELIVERY_COMPLAINT_PAUSE_PERCENT: setting(percent(), {
    description: 'The share of complaints from which on an inbox, domain or organization is paused.',
    unit: 'percent',
    default: '0.1',
    example: '0.08',
  }),
  DELIVERY_COMPLAINT_MIN_SENT: setting(wholeNumber(1, MAX_SENT), {
    description:
      'Recipients within the window from which on complaints of an inbox are judged; of a domain or an organization ten times as many.',
    unit: 'recipients',
    default: '1000',
    example: '500',
  }),
});

type Values = { readonly [K in keyof typeof reputationSettings]: z.output<(typeof reputationSettings)[K]['schema']> };

/** The limits as the brake uses them. */
export const limitsOf = (config: Values): ReputationLimits => ({
  bounces: {
    warnPercent: config.DELIVERY_BOUNCE_WARN_PERCENT,
    pausePercent: config.DELIVERY_BOUNCE_PAUSE_PERCENT,
    minSent: config.DELIVERY_BOUNCE_MIN_SENT,
  },
  complaints: {
    warnPercent: config.DELIVERY_COMPLAINT_WARN_PERCENT,
    pausePercent: config.DELIVERY_COMPLAINT_PAUSE_PERCENT,
    minSent: config.DELIVERY_COMPLAINT_MIN_SENT,
  },
});
