import type { OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from '@postern/platform';
import type { DeliveryConfig } from '../delivery.settings.js';
import { Pace } from '../pace/pace.js';
import { AccountValve } from '../pace/account-valve.js';
import type { Carrier, Valve } from '../send/carrier.js';
import type { Provider } from '../send/provider.js';
import type { PaceStore } from '../store/paces.js';
import { RelayPool } from './relay-pool.js';
import { relayOf } from './relay-settings.js';
import { SmtpCarrier } from './smtp-carrier.js';

const monotonicMs = (): number => performance.now();

/** An SMTP relay takes live mail. What becomes of it later comes back as mail, if at all. */
export class SmtpProvider implements Provider, OnApplicationShutdown {
  readonly carrier: Carrier;
  readonly valve: Valve;
  readonly proves = false;
  private readonly pool: RelayPool;

  /** @throws SettingsError when the relay's settings are missing or unsafe. */
  constructor(config: DeliveryConfig, store: PaceStore, logger: Logger) {
    this.pool = new RelayPool(relayOf(config));
    this.carrier = new SmtpCarrier(this.pool);
    const pace = new Pace({ store, perSecond: config.SMTP_RELAY_RATE ?? null, fixed: true, logger, monotonicMs });
    this.valve = new AccountValve(pace, logger, monotonicMs);
  }

  wireMessageId(providerId: string): string {
    return `<${providerId}>`;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }
}
