import { ANSWER_TIMEOUT_MS, eventingSettings } from '@postern/eventing';
import { baseSettings, defineSettings, portNumber, setting, wholeNumber } from '@postern/platform';
import { z } from 'zod';

/** As long as an API key's secret part in hex; shorter ones can be guessed. */
const SECRET_MIN_CHARS = 32;
/** More than any machine answers. */
const REQUESTS_PER_MINUTE_MAX = 1_000_000_000;
const SENDS_PER_HOUR_MAX = 1_000_000_000;
const STREAMS_MAX = 1_000_000;
const HEARTBEAT_SECONDS_MAX = 300;
const PATIENCE_MS_MIN = 100;
const PATIENCE_MS_MAX = 60_000;

export const gatewaySettings = defineSettings({
  ...baseSettings,
  ...eventingSettings,
  PORT: setting(portNumber(), {
    description: 'Port of the public HTTP interface. 0 takes a free one.',
    default: '3000',
    example: '8080',
  }),
  GATEWAY_KEY_REQUESTS_PER_MINUTE: setting(wholeNumber(1, REQUESTS_PER_MINUTE_MAX).optional(), {
    description:
      'Requests that each API key may make in a minute, beside the limit of its organization. Absent: no limit of its own.',
    unit: 'requests',
    example: '600',
  }),
  GATEWAY_PATIENCE_MS: setting(wholeNumber(PATIENCE_MS_MIN, PATIENCE_MS_MAX), {
    description:
      'A service or a database that does not answer in this time counts as away, and the client hears 503. Answers of megabytes have 10 s at least.',
    unit: 'milliseconds',
    default: String(ANSWER_TIMEOUT_MS),
    example: '5000',
  }),
  GATEWAY_STREAMS: setting(wholeNumber(1, STREAMS_MAX), {
    description: 'The most event streams that this process has open; about 40 KB of memory each.',
    unit: 'streams',
    default: '10000',
    example: '20000',
  }),
  GATEWAY_STREAMS_PER_ORGANIZATION: setting(wholeNumber(1, STREAMS_MAX), {
    description: 'The most event streams that one organization has open in this process.',
    unit: 'streams',
    default: '1000',
    example: '200',
  }),
  GATEWAY_STREAM_HEARTBEAT_SECONDS: setting(wholeNumber(1, HEARTBEAT_SECONDS_MAX), {
    description:
      'An event stream on which nothing happens gets a comment this often. Shorter than the idle time of proxies.',
    unit: 'seconds',
    default: '15',
    example: '30',
  }),
  COMPAT_SENDOOK_SENDS_PER_HOUR: setting(wholeNumber(1, SENDS_PER_HOUR_MAX), {
    description:
      'Sends and replies that an organization may make in an hour, in each mode, through the front for clients of Sendook.',
    unit: 'requests',
    default: '100',
    example: '1000',
  }),
  GATEWAY_LINK_SECRET: setting(
    z.string().min(SECRET_MIN_CHARS, `must have at least ${SECRET_MIN_CHARS} characters`).optional(),
    {
      description: 'Signs download links; the same for every replica. Absent: a key derived from POSTERN_ROOT_KEY.',
      example: 'the output of: openssl rand -hex 32',
      secret: true,
    },
  ),
  POSTERN_ROOT_KEY: setting(
    z
      .string()
      .min(SECRET_MIN_CHARS, `must have at least ${SECRET_MIN_CHARS} characters`)
      .regex(/^[\x21-\x7e]*$/, 'must be visible ASCII without spaces'),
    {
      description: 'The key of the platform team: opens /v1/organizations and nothing else.',
      example: 'the output of: openssl rand -hex 32',
      secret: true,
    },
  ),
});
