import { eventingSettings } from '@postern/eventing';
import { baseSettings, defineSettings, setting, type SettingValues, urlOf, wholeNumber } from '@postern/platform';
import { z } from 'zod';

const DAY_SECONDS = 24 * 3600;
const MAX_CONCURRENCY = 1_000;
const MAX_LEASE_SECONDS = 600;

export const deliverySettings = defineSettings({
  ...baseSettings,
  ...eventingSettings,
  AWS_REGION: setting(z.string().regex(/^[a-z]{2,4}(-[a-z]+)+-\d+$/, 'must be a region such as us-east-1'), {
    description: 'The region whose Amazon SES sends.',
    example: 'eu-central-1',
  }),
  AWS_ACCESS_KEY_ID: setting(z.string().optional(), {
    description: "With AWS_SECRET_ACCESS_KEY. Without both, the AWS SDK's default chain looks for credentials.",
    example: 'AKIA…',
    secret: true,
  }),
  AWS_SECRET_ACCESS_KEY: setting(z.string().optional(), {
    description: 'Belongs to AWS_ACCESS_KEY_ID.',
    example: '…',
    secret: true,
  }),
  AWS_SESSION_TOKEN: setting(z.string().optional(), {
    description: 'Belongs to AWS_ACCESS_KEY_ID when the credentials are temporary.',
    example: '…',
    secret: true,
  }),
  AWS_ENDPOINT_URL_SES: setting(urlOf('http', 'https').optional(), {
    description: 'Another endpoint than that of the region: the AWS sandbox, or a VPC endpoint.',
    example: 'http://127.0.0.1:4566',
  }),
  SES_CONFIGURATION_SET: setting(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 - _')
      .optional(),
    {
      description:
        'The configuration set that publishes the events of our mail. Without it no event proves what became of a send in doubt, so it fails instead of being sent again.',
      example: 'postern',
    },
  ),
  SNS_EVENTS_TOPIC_ARN: setting(z.string().startsWith('arn:', 'must be the ARN of an SNS topic').optional(), {
    description: 'The topic to which the configuration set publishes. Needed with AWS_SETUP=ensure.',
    example: 'arn:aws:sns:eu-central-1:123456789012:postern-events',
  }),
  AWS_SETUP: setting(z.enum(['ensure', 'verify', 'off']), {
    description:
      'ensure: make the configuration set and its event destination when they are missing. verify: only report. off: neither.',
    default: 'off',
    example: 'ensure',
  }),
  DELIVERY_IN_DOUBT_SECONDS: setting(wholeNumber(1, DAY_SECONDS), {
    description: "How long SES's events may take to prove a send in doubt before the organization's rule decides.",
    unit: 'seconds',
    default: '600',
    example: '900',
  }),
  DELIVERY_CONCURRENCY: setting(wholeNumber(1, MAX_CONCURRENCY), {
    description: 'The most calls of SES at the same time, for each process.',
    unit: 'calls',
    default: '64',
    example: '128',
  }),
  DELIVERY_LEASE_SECONDS: setting(wholeNumber(2, MAX_LEASE_SECONDS), {
    description:
      'How long a claimed send belongs to its process. A call begins in the first half and times out within the second.',
    unit: 'seconds',
    default: '30',
    example: '60',
  }),
});

export type DeliveryConfig = SettingValues<typeof deliverySettings>;
