import { Controller } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  MESSAGE_TIMELINE,
  type PartOfTimeline,
  sameIdAs,
  TIMELINE_ENTRIES_MAX,
  type TimelineEntry,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { Database } from '@postern/platform';
import { readFeedback } from '../feedback/read-feedback.js';
import type { NotifiedByTopic } from '../sns/sns-message.js';
import { mailTakenIn, notificationsAbout } from '../store/timeline.store.js';

/** Tells how a mail came in, and what SES told of a message that went out, as it came. */
@Controller()
export class TimelineController {
  constructor(private readonly database: Database) {}

  @Answers(MESSAGE_TIMELINE.ingest)
  async ofMessage(
    context: CommandContext,
    { id }: CommandInput<typeof MESSAGE_TIMELINE.ingest>,
  ): Promise<PartOfTimeline> {
    const [mail, notifications] = await Promise.all([
      mailTakenIn(this.database, context, sameIdAs('mail', id)),
      notificationsAbout(this.database, context, id),
    ]);
    const entries = [
      ...mail.map(({ received_at, ...data }) => entry(received_at, 'received', data)),
      ...notifications.flatMap(({ received_at, record }) => feedback(received_at, record)),
    ];
    return { entries: entries.slice(0, TIMELINE_ENTRIES_MAX), truncated: entries.length > TIMELINE_ENTRIES_MAX };
  }
}

const entry = (at: Date, type: TimelineEntry['type'], data: TimelineEntry['data']): TimelineEntry => ({
  at: at.toISOString(),
  type,
  service: 'ingest',
  data,
});

/** What it has become to the message is told by messaging; a second one of a kind changes nothing there. */
function feedback(receivedAt: Date, notification: string): TimelineEntry[] {
  // Rows of this outcome were read by the same reader when they came.
  const { Message } = JSON.parse(notification) as NotifiedByTopic;
  const reading = readFeedback(JSON.parse(Message), receivedAt);
  if (reading.kind !== 'feedback') return [];
  const { kind, recipients, attempt, at } = reading.feedback;
  const addresses = recipients.map(({ address }) => address);
  return [entry(receivedAt, 'feedback', { kind, recipients: addresses, attempt, happened_at: at })];
}
