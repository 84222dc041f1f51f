import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { badRequest, counter, forbidden, LOGGER, type Logger } from '@postern/platform';
import { AnswerConfirmation } from './answer-confirmation.js';
import { SnsVerifier } from './sns-verifier.js';
import { TakeNotification } from './take-notification.js';

/**
 * Where SNS posts. SNS counts 2xx to 4xx as the end and tries again after 5xx: what is not SNS's for us is 403, what we
 * cannot store now is 503, and 200 means committed.
 */
@Controller()
export class SnsController {
  private readonly refused = counter('postern_ingest_sns_refused_total', 'SNS messages that were refused.', ['reason']);

  constructor(
    private readonly verifier: SnsVerifier,
    private readonly confirmations: AnswerConfirmation,
    private readonly notifications: TakeNotification,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post('sns')
  @HttpCode(200)
  async post(@Body() body: unknown): Promise<void> {
    const verdict = await this.verifier.verify(typeof body === 'string' ? parseBody(body) : body);
    if ('refused' in verdict) {
      this.refused.inc({ reason: verdict.refused });
      this.logger.warn({ what: 'sns.refused', reason: verdict.refused });
      throw forbidden('Send a message that SNS signed, from a topic that this service is set up for.');
    }
    const { message } = verdict;
    if (message.Type === 'Notification') await this.notifications.take(message);
    else await this.confirmations.answer(message);
  }
}

/** SNS sends its JSON as text/plain. */
function parseBody(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw badRequest('Send the JSON body of an SNS message.');
  }
}
