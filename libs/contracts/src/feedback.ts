import { z } from 'zod';
import { InboxId, MessageId } from './ids.js';

export const FeedbackKind = z.enum(['sent', 'delivered', 'bounced', 'complained', 'delayed', 'rejected']);
export type FeedbackKind = z.infer<typeof FeedbackKind>;

/** What SES said about a message, read from its notification and freed of SES's spellings. */
export const Feedback = z.object({
  kind: FeedbackKind,
  /** SES's id of the message, bare. */
  sesMessageId: z.string(),
  /** From our tag; null when the notification carries none. */
  messageId: MessageId.nullable(),
  /** From our tag: which attempt of the message this is about. */
  attempt: z.int().nullable(),
  /** Those it names; addresses as SES gave them (compare without case). */
  recipients: z.array(
    z.object({
      address: z.string(),
      /** Enhanced status code (RFC 3463), when there was one. */
      status: z.string().nullable(),
      /** The remote server's answer, at most 1,000 characters. */
      diagnostic: z.string().nullable(),
    }),
  ),
  /** bounceType, delayType or complaintFeedbackType, as SES spells it. */
  type: z.string().nullable(),
  /** bounceSubType or complaintSubType, as SES spells it. */
  subType: z.string().nullable(),
  /** When it happened, by SES's clock. */
  at: z.iso.datetime(),
  /**
   * Told by a mail to this inbox, which anybody may have written: it counts only for a message that the inbox sent, and for
   * recipients of that message. One of the two ids is there; `sesMessageId` may be empty. Absent: told by SES.
   */
  toldTo: z.object({ inboxId: InboxId }).optional(),
});
export type Feedback = z.infer<typeof Feedback>;

/** Whether somebody complained: a report of the type `not-spam` has the form of a complaint, and says the opposite. */
export const isComplaint = ({ kind, type }: Pick<Feedback, 'kind' | 'type'>): boolean =>
  kind === 'complained' && type !== 'not-spam';

/** Only what is sure and final puts an address on the suppression list. */
export function suppresses(feedback: Pick<Feedback, 'kind' | 'type'>): 'bounce' | 'complaint' | null {
  if (feedback.kind === 'bounced' && feedback.type === 'Permanent') return 'bounce';
  return isComplaint(feedback) ? 'complaint' : null;
}
