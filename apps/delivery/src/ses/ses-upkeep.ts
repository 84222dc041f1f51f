import type { SESClient } from '@aws-sdk/client-ses';
import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '@postern/platform';
import type { DeliveryConfig } from '../delivery.settings.js';
import { SendQuota } from '../pace/send-quota.js';
import type { PaceStore } from '../store/paces.js';
import { SesSetUp } from './ses-set-up.js';
import { SesSetUpKeeper } from './ses-set-up-keeper.js';

/** Everything about the SES account that goes on beside sending: its rate, its configuration set, and the client's end. */
export class SesUpkeep implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly quota: SendQuota;
  private readonly setUp: SesSetUpKeeper | null;

  /** @throws Error when AWS_SETUP asks for something that lacks its settings. */
  constructor(
    private readonly ses: SESClient,
    paces: PaceStore,
    config: DeliveryConfig,
    logger: Logger,
  ) {
    this.quota = new SendQuota(ses, paces, logger);
    this.setUp = setUpKeeper(ses, config, logger);
  }

  onApplicationBootstrap(): void {
    this.quota.start();
    this.setUp?.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.quota.stop(), this.setUp?.stop()]);
  }

  onApplicationShutdown(): void {
    this.ses.destroy();
  }
}

function setUpKeeper(ses: SESClient, config: DeliveryConfig, logger: Logger): SesSetUpKeeper | null {
  const { AWS_SETUP: how, SES_CONFIGURATION_SET: set, SNS_EVENTS_TOPIC_ARN: topic } = config;
  if (how === 'off') return null;
  if (set === undefined || topic === undefined) {
    throw new Error(`AWS_SETUP=${how} needs SES_CONFIGURATION_SET and SNS_EVENTS_TOPIC_ARN.`);
  }
  return new SesSetUpKeeper(new SesSetUp(ses, set, topic), how, logger);
}
