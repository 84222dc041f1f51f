import { awsCredentialSettings, setting, wholeNumber } from '@postern/platform';

const REPLICAS_MAX = 5;

/** What every service that uses the bus is told beyond the base settings. */
export const eventingSettings = {
  // For content in S3.
  ...awsCredentialSettings,
  EVENTS_REPLICAS: setting(wholeNumber(1, REPLICAS_MAX), {
    description: 'Copies that NATS keeps of each stream: 1 on one server, 3 or 5 in a cluster.',
    default: '1',
    example: '3',
  }),
};
