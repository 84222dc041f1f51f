import { eventingSettings } from '@postern/eventing';
import {
  baseSettings,
  defineSettings,
  setting,
  SettingsError,
  type SettingValues,
  wholeNumber,
} from '@postern/platform';
import { z } from 'zod';
import { TARGET_REACHES } from './target/target-url.js';

const IN_FLIGHT_MAX = 10_000;
const PER_ENDPOINT_MAX = 100;
const PER_ORGANIZATION_MAX = 10_000;
const RETENTION_DAYS_MAX = 3_650;
const PORT_MAX = 65_535;
const ANY_PORT = 'any';

/** `any`, which is null, or numbers with commas between them. */
const portList = (): z.ZodType<ReadonlySet<number> | null> =>
  z
    .string()
    .regex(/^(any|\d{1,5}(,\d{1,5})*)$/, 'must be any, or ports such as 443,8443')
    .transform((text) => (text === ANY_PORT ? null : new Set(text.split(',').map(Number))))
    .refine((ports) => [...(ports ?? [])].every((port) => port >= 1 && port <= PORT_MAX), {
      message: `must have ports from 1 to ${PORT_MAX}`,
    });

export const webhooksSettings = defineSettings({
  ...baseSettings,
  ...eventingSettings,
  WEBHOOKS_TARGETS: setting(z.enum(TARGET_REACHES), {
    description:
      'Where targets may be: public: on the internet, by https; loopback: by http and on this machine, too; ' +
      'private: by http and anywhere. Production takes public only.',
    default: 'public',
    example: 'loopback',
  }),
  WEBHOOKS_PORTS: setting(portList(), {
    description: 'Ports that targets may have, or any. Checked at registration and again at each connection.',
    default: ANY_PORT,
    example: '443,8443',
  }),
  WEBHOOKS_IN_FLIGHT: setting(wholeNumber(1, IN_FLIGHT_MAX), {
    description: 'The most POSTs that this process has under way at once.',
    unit: 'POSTs',
    default: '500',
    example: '1000',
  }),
  WEBHOOKS_PER_ENDPOINT: setting(wholeNumber(1, PER_ENDPOINT_MAX), {
    description:
      'The most POSTs that this process has under way at once to one healthy endpoint; a failing one gets 1.',
    unit: 'POSTs',
    default: '8',
    example: '16',
  }),
  WEBHOOKS_PER_ORGANIZATION: setting(wholeNumber(1, PER_ORGANIZATION_MAX), {
    description:
      'The most endpoints of an organization in each mode. Each of them costs a call for each event that it wants.',
    unit: 'endpoints',
    default: '100',
    example: '500',
  }),
  EVENT_RETENTION_DAYS: setting(wholeNumber(5, RETENTION_DAYS_MAX), {
    description: 'How long events and the calls made for them are kept. Longer than the retries of a call take.',
    unit: 'days',
    default: '30',
    example: '90',
  }),
});

export type WebhooksConfig = SettingValues<typeof webhooksSettings>;

/** @throws SettingsError when settings do not go together. */
export function checkTogether(config: WebhooksConfig): void {
  if (config.WEBHOOKS_TARGETS !== 'public' && config.POSTERN_ENV === 'production') {
    throw new SettingsError([
      'WEBHOOKS_TARGETS: leave it out or set it to public; with POSTERN_ENV=production targets must be public',
    ]);
  }
}
