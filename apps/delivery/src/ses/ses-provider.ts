import type { SESClient } from '@aws-sdk/client-ses';
import type { Logger } from '@postern/platform';
import { type DeliveryConfig, sesRegion } from '../delivery.settings.js';
import { Pace } from '../pace/pace.js';
import { FIRST_GUESS_PER_SECOND } from '../pace/send-quota.js';
import { AccountValve } from '../pace/account-valve.js';
import type { Carrier, Valve } from '../send/carrier.js';
import type { Provider } from '../send/provider.js';
import type { PaceStore } from '../store/paces.js';
import { SesCarrier } from './ses-carrier.js';
import { askForLife } from './sign-of-life.js';
import { wireMessageId } from './wire-message-id.js';

/** Amazon SES takes live mail. */
export class SesProvider implements Provider {
  readonly carrier: Carrier;
  readonly valve: Valve;
  /** Events come by the configuration set only. */
  readonly proves: boolean;
  readonly askForLife?: () => Promise<void>;
  private readonly region: string;

  constructor(config: DeliveryConfig, ses: SESClient, store: PaceStore, logger: Logger) {
    this.carrier = new SesCarrier(ses, config.SES_CONFIGURATION_SET);
    const monotonicMs = (): number => performance.now();
    const pace = new Pace({ store, perSecond: FIRST_GUESS_PER_SECOND, fixed: false, logger, monotonicMs });
    this.valve = new AccountValve(pace, logger, monotonicMs);
    const configurationSet = config.SES_CONFIGURATION_SET;
    this.proves = configurationSet !== undefined;
    if (configurationSet !== undefined) {
      this.askForLife = () => askForLife(ses, config.POSTERN_DOMAIN, configurationSet);
    }
    this.region = sesRegion(config);
  }

  wireMessageId(providerId: string): string {
    return wireMessageId(this.region, providerId);
  }
}
