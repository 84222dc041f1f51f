import { Inject, Injectable } from '@nestjs/common';
import { forbidden, LOGGER, type Logger } from '@postern/platform';
import { fetchSmall } from './fetch-small.js';
import type { SnsConfirmation } from './sns-message.js';
import { TrustedUrls } from './trusted-urls.js';

/** Answers the handshake of a subscription whose signature and topic were verified. */
@Injectable()
export class AnswerConfirmation {
  constructor(
    private readonly urls: TrustedUrls,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Confirms a subscription. The end of one is only told: its URL would subscribe again.
   * @throws AppError `forbidden` for a URL that is not SNS's, or that SNS refused; `unavailable` when SNS is away.
   */
  async answer(message: SnsConfirmation): Promise<void> {
    const about = { topicArn: message.TopicArn, snsMessageId: message.MessageId };
    if (message.Type === 'UnsubscribeConfirmation') {
      this.logger.warn({ what: 'sns.unsubscribed', ...about });
      return;
    }
    const trusted = this.urls.isConfirmation(message.SubscribeURL, message.TopicArn);
    if (!trusted || (await fetchSmall(message.SubscribeURL)) === null) {
      this.logger.warn({ what: 'sns.confirmation_refused', reason: trusted ? 'token' : 'url', ...about });
      throw forbidden('Send a confirmation whose SubscribeURL is the one of SNS for this topic.');
    }
    this.logger.info({ what: 'sns.subscribed', ...about });
  }
}
