import type { SESClient } from '@aws-sdk/client-ses';
import type { Logger } from '@postern/platform';
import { type DeliveryConfig, sesRegion } from '../delivery.settings.js';
import type { Pace } from '../pace/pace.js';
import { SesValve } from '../pace/ses-valve.js';
import type { Carrier, Valve } from '../send/carrier.js';
import type { Provider } from '../send/provider.js';
import { SesCarrier } from './ses-carrier.js';
import { wireMessageId } from './wire-message-id.js';

/** Amazon SES takes live mail. */
export class SesProvider implements Provider {
  readonly carrier: Carrier;
  readonly valve: Valve;
  /** Events come by the configuration set only. */
  readonly proves: boolean;
  private readonly region: string;

  constructor(config: DeliveryConfig, ses: SESClient, pace: Pace, logger: Logger) {
    this.carrier = new SesCarrier(ses, config.SES_CONFIGURATION_SET);
    this.valve = new SesValve(pace, logger, () => performance.now());
    this.proves = config.SES_CONFIGURATION_SET !== undefined;
    this.region = sesRegion(config);
  }

  wireMessageId(providerId: string): string {
    return wireMessageId(this.region, providerId);
  }
}
