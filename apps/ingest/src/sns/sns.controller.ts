import { Body, Controller, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { badRequest, counter, forbidden, LOGGER, type Logger } from '@postern/platform';
import { AnswerConfirmation } from './answer-confirmation.js';
import { RawDelivery, type RawRefusal } from './raw-delivery.js';
import { type Refusal, SnsVerifier } from './sns-verifier.js';
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
    private readonly raw: RawDelivery,
    private readonly confirmations: AnswerConfirmation,
    private readonly notifications: TakeNotification,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post('sns')
  @HttpCode(200)
  async post(@Body() body: unknown): Promise<void> {
    const verdict = await this.verifier.verify(typeof body === 'string' ? parseBody(body) : body);
    if ('refused' in verdict) throw this.refusal(verdict.refused);
    const { message } = verdict;
    if (message.Type === 'Notification') await this.notifications.take(message);
    else await this.confirmations.answer(message);
  }

  /** Raw message delivery, where it is set up. A confirmation comes signed here, too, and is answered like any other. */
  @Post('sns/:secret')
  @HttpCode(200)
  async postRaw(@Param('secret') secret: string, @Headers() headers: unknown, @Body() body: unknown): Promise<void> {
    const read = this.raw.read(secret, headers, typeof body === 'string' ? body : JSON.stringify(body));
    if ('notification' in read) return this.notifications.take(read.notification);
    if (read.refused !== 'raw_headers') throw this.refusal(read.refused);
    return this.post(body);
  }

  private refusal(reason: Refusal | RawRefusal): Error {
    this.refused.inc({ reason });
    this.logger.warn({ what: 'sns.refused', reason });
    return forbidden('Send a message that SNS signed, from a topic that this service is set up for.');
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
