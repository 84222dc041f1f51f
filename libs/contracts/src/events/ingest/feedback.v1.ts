import { Feedback, type FeedbackKind } from '../../feedback.js';
import { defineEvent, type EventDefinition } from '../../frame.js';

const feedbackEvent = <const K extends FeedbackKind>(kind: K, summary: string) =>
  defineEvent(`ingest.feedback.${kind}.v1`, 'ingest', summary, Feedback);

export const FeedbackSentV1 = feedbackEvent('sent', 'SES took the message: proof for an attempt in doubt.');
export const FeedbackDeliveredV1 = feedbackEvent('delivered', "The recipients' servers took the message.");
export const FeedbackBouncedV1 = feedbackEvent('bounced', 'Recipients could not be reached.');
export const FeedbackComplainedV1 = feedbackEvent('complained', 'Recipients called the message spam.');
export const FeedbackDelayedV1 = feedbackEvent('delayed', 'SES is still trying.');
export const FeedbackRejectedV1 = feedbackEvent('rejected', 'SES took the message and then refused to send it.');

/** Feedback that carries our tags, by kind. */
export const FEEDBACK_EVENTS = {
  sent: FeedbackSentV1,
  delivered: FeedbackDeliveredV1,
  bounced: FeedbackBouncedV1,
  complained: FeedbackComplainedV1,
  delayed: FeedbackDelayedV1,
  rejected: FeedbackRejectedV1,
} as const satisfies Readonly<Record<FeedbackKind, EventDefinition<typeof Feedback>>>;

export const FeedbackUntaggedV1 = defineEvent(
  'ingest.feedback.untagged.v1',
  'ingest',
  'Feedback of any kind without our tags, under the platform organization, or told by a mail to an inbox, under its organization. Delivery finds the message.',
  Feedback,
);
