import { Inject, Injectable } from '@nestjs/common';
import {
  FEEDBACK_EVENTS,
  FeedbackUntaggedV1,
  PLATFORM_ORGANIZATION,
  readAddress,
  type Tenant,
} from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import {
  addToContext,
  childTraceparent,
  counter,
  currentContext,
  LOGGER,
  maskAddress,
  type Logger,
} from '@postern/platform';
import { readFeedback, typeOfRecord } from '../feedback/read-feedback.js';
import { SesReceivedRecord } from '../feedback/ses-record.js';
import { Intake, type Arrival } from '../intake/intake.js';
import { PrepareMails, type IncomingMail } from '../receive/prepare-mails.js';
import { readSesAuthentication } from '../receive/ses-authentication.js';
import { RecipientLookup } from '../recipients/recipient-lookup.js';
import type { NotificationOutcome } from '../store/notification.store.js';
import type { NotifiedByTopic } from './sns-message.js';

const PLATFORM: Tenant = { organizationId: PLATFORM_ORGANIZATION, mode: 'live' };

type Content = Pick<Arrival, 'facts' | 'mails'> & {
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
    private readonly mails: PrepareMails,
    private readonly recipients: RecipientLookup,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Resolves when the notification and its facts are committed; a repeat has no second effect.
   * @throws AppError `unavailable` when it must come again.
   */
  async take(notification: NotifiedByTopic): Promise<void> {
    const receivedAt = new Date();
    const { outcome, tenant, facts, mails, aboutMessageId = null } = await this.read(notification, receivedAt);
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
      facts,
      mails,
    });
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
      ? this.readMail(record, receivedAt)
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

  private async readMail(record: unknown, receivedAt: Date): Promise<Content> {
    const parsed = SesReceivedRecord.safeParse(record);
    if (!parsed.success) return nothing('unreadable');
    const { mail, receipt, content } = parsed.data;
    if (content === undefined) return nothing('unsupported');
    const mails = await this.mails.prepare({
      // Without an encoding it is UTF-8, as in SES's first examples.
      raw: Buffer.from(content, receipt.action.encoding?.toUpperCase() === 'BASE64' ? 'base64' : 'utf8'),
      mailFrom: readAddress(mail.source ?? '')?.address ?? '',
      recipients: await this.ownersOf(receipt.recipients),
      via: 'ses',
      authentication: readSesAuthentication(receipt),
      receivedAt,
    });
    const { organizationId, mode } = mails[0]?.row ?? PLATFORM;
    return { outcome: 'mail', tenant: { organizationId, mode }, facts: [], mails };
  }

  /** SES takes mail for whole domains: what is no inbox of ours is left out. */
  private async ownersOf(addresses: readonly string[]): Promise<IncomingMail['recipients']> {
    const owners: IncomingMail['recipients'] = [];
    for (const address of new Set(addresses)) {
      const owner = await this.recipients.ownerOf(address);
      if (owner !== null) owners.push({ owner, address });
      else this.logger.info({ what: 'ses.recipient_unknown', recipient: maskAddress(address) });
    }
    return owners;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
