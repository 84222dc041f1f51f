import { Inject, Injectable } from '@nestjs/common';
import { FEEDBACK_EVENTS, FeedbackUntaggedV1, PLATFORM_ORGANIZATION, type Tenant } from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import { addToContext, childTraceparent, counter, currentContext, LOGGER, type Logger } from '@postern/platform';
import { readFeedback, typeOfRecord } from '../feedback/read-feedback.js';
import { SesReceivedRecord } from '../feedback/ses-record.js';
import { Intake, type Arrival } from '../intake/intake.js';
import { FetchMails } from '../fetch/fetch-mails.js';
import { aboutSesMail, SesMail } from '../receive/ses-mail.js';
import type { NotificationOutcome } from '../store/notification.store.js';
import type { NotifiedByTopic } from './sns-message.js';

const PLATFORM: Tenant = { organizationId: PLATFORM_ORGANIZATION, mode: 'live' };

type Content = Pick<Arrival, 'facts' | 'mails' | 'toFetch'> & {
  outcome: NotificationOutcome;
  tenant: Tenant;
  aboutMessageId?: string | null;
};

const nothing = (outcome: NotificationOutcome): Content => ({ outcome, tenant: PLATFORM, facts: [], mails: [] });

/** Takes verified notifications in: SES's feedback becomes facts, mail that SES received becomes mail. */
@Injectable()
export class TakeNotification {
  private readonly taken = counter('postern_ingest_notifications_total', 'Verified SNS notifications.', ['outcome']);

  constructor(
    private readonly intake: Intake,
    private readonly mails: SesMail,
    private readonly fetcher: FetchMails,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Resolves when the notification and its facts are committed; a repeat has no second effect.
   * @throws AppError `unavailable` when it must come again.
   */
  async take(notification: NotifiedByTopic): Promise<void> {
    const receivedAt = new Date();
    const { outcome, tenant, aboutMessageId = null, ...arrival } = await this.read(notification, receivedAt);
    const { repeat } = await this.intake.take({
      notification: {
        ...tenant,
        messageId: notification.MessageId,
        topicArn: notification.TopicArn,
        outcome,
        record: outcome === 'mail' ? null : JSON.stringify(notification),
        aboutMessageId,
        receivedAt,
      },
      ...arrival,
    });
    if (arrival.toFetch !== undefined) this.fetcher.wake();
    this.taken.inc({ outcome: repeat ? 'repeat' : outcome });
    if (!repeat && (outcome === 'unreadable' || outcome === 'unsupported')) {
      this.logger.warn({
        what: 'sns.notification',
        outcome,
        snsMessageId: notification.MessageId,
        ...currentContext(),
      });
    }
  }

  private async read(notification: NotifiedByTopic, receivedAt: Date): Promise<Content> {
    const record = parseJson(notification.Message);
    // SES announces itself with a sentence when an event destination is made.
    if (record === undefined) return nothing('ignored');
    return typeOfRecord(record) === 'Received'
      ? this.readMail(record, notification, receivedAt)
      : this.readFeedback(record, notification, receivedAt);
  }

  private readFeedback(record: unknown, notification: NotifiedByTopic, receivedAt: Date): Content {
    const reading = readFeedback(record, receivedAt);
    if (reading.kind !== 'feedback') return nothing(reading.kind);
    const { feedback, tenant, traceparent } = reading;
    if (tenant !== null && feedback.messageId !== null) addToContext({ ...tenant, messageId: feedback.messageId });
    const owner = tenant ?? PLATFORM;
    const fact = {
      ...owner,
      correlationId: notification.MessageId,
      traceparent: childTraceparent(traceparent ?? currentContext()?.traceparent),
      data: feedback,
    };
    const event = tenant === null ? FeedbackUntaggedV1 : FEEDBACK_EVENTS[feedback.kind];
    const facts = [this.outbox.row(event, fact)];
    return { outcome: 'feedback', tenant: owner, facts, mails: [], aboutMessageId: feedback.messageId };
  }

  private async readMail(record: unknown, { MessageId }: NotifiedByTopic, receivedAt: Date): Promise<Content> {
    const parsed = SesReceivedRecord.safeParse(record);
    if (!parsed.success) return nothing('unreadable');
    const { receipt, content } = parsed.data;
    const about = aboutSesMail(parsed.data, receivedAt);
    if (content === undefined) {
      const planned = this.fetcher.plan(receipt.action, { ...about, messageId: MessageId });
      return typeof planned === 'string' ? nothing(planned) : { ...nothing('mail'), toFetch: planned };
    }
    // Without an encoding it is UTF-8, as in SES's first examples.
    const raw = Buffer.from(content, receipt.action.encoding?.toUpperCase() === 'BASE64' ? 'base64' : 'utf8');
    const mails = await this.mails.prepare(raw, about);
    const { organizationId, mode } = mails[0]?.row ?? PLATFORM;
    return { outcome: 'mail', tenant: { organizationId, mode }, facts: [], mails };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
