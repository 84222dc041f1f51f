import { eventingSettings } from '@postern/eventing';
import { baseSettings, defineSettings, setting, wholeNumber } from '@postern/platform';

const WEEK_SECONDS = 7 * 24 * 3600;

export const securityScanSettings = defineSettings({
  ...baseSettings,
  ...eventingSettings,
  APPROVAL_TTL_SECONDS: setting(wholeNumber(1, WEEK_SECONDS), {
    description: 'How long a held message waits for people, unless its inbox says; after that it is rejected.',
    unit: 'seconds',
    default: '86400',
    example: '3600',
  }),
});
