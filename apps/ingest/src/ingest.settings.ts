import { eventingSettings } from '@postern/eventing';
import {
  awsCredentialSettings,
  baseSettings,
  defineSettings,
  dnsServers,
  onOff,
  portNumber,
  setting,
  SettingsError,
  type SettingValues,
  urlOf,
  wholeNumber,
} from '@postern/platform';
import { z } from 'zod';
import { TOPIC_ARN } from './sns/sns-message.js';

const CONNECTIONS_MAX = 100_000;
const PER_MINUTE_MAX = 100_000_000;
const topicArn = (): z.ZodType<string> => z.string().regex(TOPIC_ARN, 'must be the ARN of a standard SNS topic');
/** Compared as text with what messages name, so written exactly so. */
const origin = (): z.ZodType<string> =>
  z.string().regex(/^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/, 'must be a lower-case origin without a path');
/** Amazon S3 user guide, "General purpose bucket naming rules". */
const BUCKET = /^(?:\*|[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$/;
const bucketNames = (): z.ZodType<string[]> =>
  z
    .string()
    .transform((text) => (text === '' ? [] : text.split(',').map((name) => name.trim())))
    .refine((names) => names.every((name) => BUCKET.test(name)), 'must be names of buckets, separated by commas');

export const ingestSettings = defineSettings({
  ...baseSettings,
  ...eventingSettings,
  PORT: setting(portNumber(), {
    description: 'Port of POST /sns. 0 takes a free one.',
    default: '8080',
    example: '3104',
  }),
  PUBLIC_URL: setting(urlOf('http', 'https'), {
    description: 'Where SNS reaches this service from outside; /sns is added to it.',
    example: 'https://ingest.example.com',
  }),
  SMTP_HOST: setting(z.string().min(1), {
    description: 'The address that SMTP listens on.',
    default: '0.0.0.0',
    example: '127.0.0.1',
  }),
  SMTP_PORT: setting(portNumber(), {
    description: 'Port of SMTP. 0 takes a free one.',
    default: '2525',
    example: '25',
  }),
  SMTP_MAX_CONNECTIONS: setting(wholeNumber(1, CONNECTIONS_MAX), {
    description: 'SMTP connections at the same time; more are answered 421.',
    unit: 'connections',
    default: '500',
    example: '2000',
  }),
  SMTP_MAX_CONNECTIONS_PER_CLIENT: setting(wholeNumber(1, CONNECTIONS_MAX), {
    description: 'SMTP connections at the same time from one address.',
    unit: 'connections',
    default: '100',
    example: '20',
  }),
  SMTP_MAX_CONNECTIONS_PER_TENANT: setting(wholeNumber(1, CONNECTIONS_MAX), {
    description: 'SMTP connections at the same time with mail for one organization and mode; more are told 451.',
    unit: 'connections',
    default: '100',
    example: '200',
  }),
  SMTP_CLIENT_CONNECTIONS_PER_MINUTE: setting(wholeNumber(1, PER_MINUTE_MAX), {
    description:
      'SMTP connections that one address (IPv6: one /64) may open in a minute, for each process; more are told 421.',
    unit: 'connections per minute',
    default: '600',
    example: '1200',
  }),
  SMTP_CLIENT_MESSAGES_PER_MINUTE: setting(wholeNumber(1, PER_MINUTE_MAX), {
    description:
      'Messages that one address (IPv6: one /64) may begin in a minute, for each process; more are told 421.',
    unit: 'messages per minute',
    default: '3000',
    example: '6000',
  }),
  SMTP_TENANT_MESSAGES_PER_MINUTE: setting(wholeNumber(1, PER_MINUTE_MAX), {
    description: 'Messages for one organization and mode in a minute, for each process; more are told 451.',
    unit: 'messages per minute',
    default: '6000',
    example: '12000',
  }),
  SMTP_TLS_KEY_FILE: setting(z.string().min(1).optional(), {
    description:
      'File of the private key for STARTTLS, in PEM; read again every hour. Without it STARTTLS is not offered, but locally with a certificate made at the start.',
    example: '/etc/postern/tls/privkey.pem',
  }),
  SMTP_TLS_CERT_FILE: setting(z.string().min(1).optional(), {
    description: 'File of the certificate that belongs to SMTP_TLS_KEY_FILE, with its chain, in PEM.',
    example: '/etc/postern/tls/fullchain.pem',
  }),
  INGEST_DNS_SERVERS: setting(dnsServers(), {
    description:
      'The DNS servers that SPF, DKIM, DMARC and ARC of incoming mail are looked up at, separated by commas; without them those of the system.',
    default: '',
    example: '9.9.9.9,[2620:fe::fe]:53',
  }),
  SNS_EVENTS_TOPIC_ARN: setting(topicArn(), {
    description: "The topic of SES's sending events. Messages of other topics are refused.",
    example: 'arn:aws:sns:eu-central-1:123456789012:postern-events',
  }),
  SNS_INBOUND_TOPIC_ARN: setting(topicArn(), {
    description: 'The topic of mail that SES receives.',
    example: 'arn:aws:sns:eu-central-1:123456789012:postern-inbound',
  }),
  SNS_REFUSE_SIGNATURE_V1: setting(onOff(), {
    description: 'Refuse messages that are signed with SHA-1 (signature version 1).',
    default: 'false',
    example: 'true',
  }),
  SNS_RAW_DELIVERY_SECRET: setting(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{32,128}$/, 'must be 32 to 128 of A-Z a-z 0-9 - _')
      .optional(),
    {
      description:
        'Takes raw message delivery at PUBLIC_URL/sns/<this>, which is not signed: who knows the path is believed. Without it raw delivery is refused.',
      example: 'q3V0…',
      secret: true,
    },
  ),
  SNS_SANDBOX_CERT_ORIGIN: setting(origin().optional(), {
    description:
      'Origin of the AWS sandbox, whose certificate and confirmations are trusted instead of those of SNS. Local use only.',
    example: 'http://127.0.0.1:4566',
  }),
  AWS_SETUP: setting(z.enum(['ensure', 'verify', 'off']), {
    description:
      'Make topics and subscriptions (ensure), only tell what is missing (verify), or leave SNS alone (off).',
    default: 'off',
    example: 'ensure',
  }),
  ...awsCredentialSettings,
  SES_INBOUND_BUCKETS: setting(bucketNames(), {
    description:
      "Buckets into which SES's S3 action puts mail, separated by commas; mail in others is not fetched. `*` takes every bucket, locally only.",
    default: '',
    example: 'example-inbound-mail',
  }),
  AWS_ENDPOINT_URL_S3: setting(urlOf('http', 'https').optional(), {
    description: 'Where S3 is, if it is not Amazon: the AWS sandbox.',
    example: 'http://127.0.0.1:4566',
  }),
  AWS_ENDPOINT_URL_SNS: setting(urlOf('http', 'https').optional(), {
    description: 'Where SNS is, if it is not Amazon: the AWS sandbox.',
    example: 'http://127.0.0.1:4566',
  }),
});

export type IngestConfig = SettingValues<typeof ingestSettings>;

/** @throws SettingsError when production would trust the sandbox, whose key anybody may hold, or whatever bucket it is told of. */
export function refuseSandboxInProduction(config: IngestConfig): void {
  if (config.POSTERN_ENV !== 'production') return;
  const problems = [
    ...(config.SNS_SANDBOX_CERT_ORIGIN === undefined
      ? []
      : ['SNS_SANDBOX_CERT_ORIGIN: remove it, or set POSTERN_ENV to local; it is for local use only']),
    ...(config.SES_INBOUND_BUCKETS.includes('*')
      ? ['SES_INBOUND_BUCKETS: name the buckets; * is for local use only']
      : []),
  ];
  if (problems.length > 0) throw new SettingsError(problems);
}

/** @throws SettingsError when only one half of a certificate is named. */
export function refuseHalfCertificate(config: IngestConfig): void {
  if ((config.SMTP_TLS_KEY_FILE === undefined) !== (config.SMTP_TLS_CERT_FILE === undefined)) {
    throw new SettingsError(['SMTP_TLS_KEY_FILE and SMTP_TLS_CERT_FILE: set both, or none']);
  }
}
