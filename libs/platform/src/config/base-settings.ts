import { z } from 'zod';
import { defineSettings, portNumber, setting, urlOf, wholeNumber } from './setting.js';

const MAX_POOL_SIZE = 1000;
const MAX_SHUTDOWN_SECONDS = 600;

/** What every service is told. */
export const baseSettings = defineSettings({
  POSTERN_ENV: setting(z.enum(['local', 'production']), {
    description: 'Where this process runs. `production` refuses every setting that exists for local use only.',
    default: 'production',
    example: 'local',
  }),
  LOG_LEVEL: setting(z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']), {
    description: 'The lowest level that is written.',
    default: 'info',
    example: 'debug',
  }),
  HOST: setting(z.string().min(1), {
    description: 'The address that this process listens on, for the admin port too.',
    default: '0.0.0.0',
    example: '127.0.0.1',
  }),
  ADMIN_PORT: setting(portNumber(), {
    description: 'Port of /health/live, /health/ready and /metrics. Not for the internet. 0 takes a free one.',
    default: '9090',
    example: '9101',
  }),
  DATABASE_URL: setting(urlOf('postgres', 'postgresql'), {
    description: "PostgreSQL 15 or newer, with this service's own role.",
    example: 'postgres://messaging:secret@db:5432/postern',
    secret: true,
  }),
  DATABASE_POOL_SIZE: setting(wholeNumber(1, MAX_POOL_SIZE), {
    description: 'The most connections that this process opens to PostgreSQL.',
    unit: 'connections',
    default: '10',
    example: '20',
  }),
  NATS_URL: setting(urlOf('nats', 'tls'), {
    description: 'NATS 2.10 or newer with JetStream and `sync_interval: always`.',
    example: 'nats://nats:4222',
    secret: true,
  }),
  CONTENT_STORE_URL: setting(urlOf('file', 's3'), {
    description:
      'Where message content over 32 KiB is kept; the same place for every service. A directory, or a bucket of S3 with versioning: `s3://bucket/prefix?region=…`, and `endpoint=…` for another server than Amazon.',
    example: 'file:///var/lib/postern/content',
  }),
  POSTERN_DOMAIN: setting(
    z.string().regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, 'must be a lower-case domain name'),
    {
      description: 'The domain of inboxes that name none.',
      example: 'agents.example.com',
    },
  ),
  SHUTDOWN_SECONDS: setting(wholeNumber(1, MAX_SHUTDOWN_SECONDS), {
    description: 'How long a stop may take before the process ends without waiting for what is still running.',
    unit: 'seconds',
    default: '8',
    example: '25',
  }),
});
