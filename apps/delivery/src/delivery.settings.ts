import { eventingSettings } from '@postern/eventing';
import {
  awsCredentialSettings,
  baseSettings,
  defineSettings,
  dnsServers,
  onOff,
  setting,
  SettingsError,
  type SettingValues,
  urlOf,
  wholeNumber,
} from '@postern/platform';
import { z } from 'zod';
import { paceSettings } from './pace/pace.settings.js';
import { reputationSettings } from './reputation/reputation.settings.js';

const DAY_SECONDS = 24 * 3600;
const MAX_CONCURRENCY = 1_000;
const MAX_LEASE_SECONDS = 600;
/** Facts about a message, and deletions, may come for three days. */
const MIN_RETENTION_DAYS = 4;
const MAX_RETENTION_DAYS = 3_650;
const MAX_RELAY_RATE = 100_000;

export const deliverySettings = defineSettings({
  ...baseSettings,
  ...eventingSettings,
  ...paceSettings,
  ...reputationSettings,
  DELIVERY_PROVIDER: setting(z.enum(['ses', 'smtp']), {
    description: 'What takes live mail: Amazon SES, or an SMTP relay for those without it.',
    default: 'ses',
    example: 'smtp',
  }),
  SMTP_RELAY_URL: setting(urlOf('smtp', 'smtps').optional(), {
    description:
      'The relay, with DELIVERY_PROVIDER=smtp: smtp:// upgrades to TLS by STARTTLS and does not go on without, smtps:// begins inside TLS.',
    example: 'smtp://user:password@relay.example.com:587',
    secret: true,
  }),
  SMTP_RELAY_PLAINTEXT: setting(onOff(), {
    description: 'Talk with the relay without TLS: for one on the same machine. Not with a password.',
    default: 'false',
    example: 'true',
  }),
  SMTP_RELAY_RATE: setting(wholeNumber(1, MAX_RELAY_RATE).optional(), {
    description:
      'The most recipients a second that the relay is asked for, by all processes together; without it as fast as it takes them.',
    unit: 'recipients a second',
    example: '50',
  }),
  AWS_REGION: setting(
    z
      .string()
      .regex(/^[a-z]{2,4}(-[a-z]+)+-\d+$/, 'must be a region such as us-east-1')
      .optional(),
    {
      description: 'The region whose Amazon SES sends. Needed with DELIVERY_PROVIDER=ses.',
      example: 'eu-central-1',
    },
  ),
  ...awsCredentialSettings,
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
  DELIVERY_DNS_SERVERS: setting(dnsServers(), {
    description:
      'The DNS servers that the records of domains are looked up at, separated by commas; without them those of the system.',
    default: '',
    example: '9.9.9.9,[2620:fe::fe]:53',
  }),
  DELIVERY_INBOUND_HOST: setting(
    z
      .string()
      .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, 'must be a lower-case host name')
      .optional(),
    {
      description:
        'The host in the MX record that the owners of domains are told to publish. Without it that of Amazon SES in the region, or POSTERN_DOMAIN with DELIVERY_PROVIDER=smtp.',
      example: 'mx.agents.example.com',
    },
  ),
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
  DELIVERY_RETENTION_DAYS: setting(wholeNumber(MIN_RETENTION_DAYS, MAX_RETENTION_DAYS), {
    description:
      'How long a send is kept after it ended, without its content. Feedback without tags, and feedback on whom to suppress, is matched as long.',
    unit: 'days',
    default: '30',
    example: '90',
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

/** @throws SettingsError when SES is to send and nobody said where. */
export function sesRegion(config: DeliveryConfig): string {
  if (config.AWS_REGION === undefined) {
    throw new SettingsError(['AWS_REGION: set it to the region of Amazon SES, or DELIVERY_PROVIDER to smtp']);
  }
  return config.AWS_REGION;
}
