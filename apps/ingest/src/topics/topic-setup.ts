import type { SNSClient } from '@aws-sdk/client-sns';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, gauge, LOGGER, pollLoop, type Logger, type Wakeable } from '@postern/platform';
import type { IngestConfig } from '../ingest.settings.js';
import { ensureTopic, lookAtTopic, type TopicState } from './ensure-topic.js';
import { SNS_CLIENTS } from './sns-clients.js';

/** A subscription that somebody removed is noticed after a minute. */
const LOOK_EVERY_MS = 60_000;
/** After a confirmation was asked for, it comes within moments. */
const PENDING_LOOK_MS = 5_000;

/**
 * Keeps our subscriptions at SNS (`AWS_SETUP=ensure`), or tells when one is missing (`verify`). Never in the way of a
 * start: mail and what SNS already sends is taken meanwhile. Every replica does it; what it does is idempotent.
 */
@Injectable()
export class TopicSetup implements OnModuleDestroy {
  private readonly states = new Map<string, TopicState>();
  private readonly subscribed = gauge('postern_ingest_topic_subscribed', '1 when SNS posts the topic to us.', [
    'topic',
  ]);
  private readonly stopping = new AbortController();
  private loop: Wakeable | null = null;
  private again: NodeJS.Timeout | undefined;

  constructor(
    @Inject(SNS_CLIENTS) private readonly clients: ReadonlyMap<string, SNSClient>,
    @Inject(CONFIG) private readonly config: IngestConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Starts in the background; called when the endpoint listens, because SNS posts to it at once. */
  start(): void {
    if (this.config.AWS_SETUP === 'off') return;
    this.loop = pollLoop({
      intervalMs: LOOK_EVERY_MS,
      work: () => this.turn(),
      onError: (error) => {
        if (!this.stopping.signal.aborted) this.logger.warn({ what: 'sns.setup_failed', err: error });
      },
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.loop?.stop();
    clearTimeout(this.again);
    for (const client of this.clients.values()) client.destroy();
  }

  private async turn(): Promise<boolean> {
    const endpoint = `${this.config.PUBLIC_URL.replace(/\/+$/, '')}/sns`;
    const settle = this.config.AWS_SETUP === 'ensure' ? ensureTopic : lookAtTopic;
    for (const [topicArn, sns] of this.clients) {
      this.report(topicArn, await settle({ sns, abortSignal: this.stopping.signal }, topicArn, endpoint));
    }
    if ([...this.states.values()].includes('pending')) {
      this.again = setTimeout(() => this.loop?.wake(), PENDING_LOOK_MS);
    }
    return false;
  }

  private report(topicArn: string, state: TopicState): void {
    this.subscribed.set({ topic: topicArn }, state === 'subscribed' ? 1 : 0);
    if (this.states.get(topicArn) === state) return;
    this.states.set(topicArn, state);
    const line = { what: 'sns.topic', topicArn, state };
    if (state === 'subscribed' || state === 'pending') this.logger.info(line);
    else this.logger.warn(line);
  }
}
