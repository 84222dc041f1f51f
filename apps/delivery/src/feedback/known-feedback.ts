import type { Feedback } from '@postern/contracts';
import { childTraceparent } from '@postern/platform';
import type { SendKey } from '../send/send.js';

/** Feedback of a message that is known. */
export interface KnownFeedback extends SendKey {
  eventId: string;
  feedback: Feedback;
  correlationId: string;
  traceparent: string;
  /** Found by its SES id: nobody else could tell whose it is, so delivery says it. */
  matched: boolean;
}

/** The chain of a fact that follows from feedback. */
export const causeOf = (one: KnownFeedback) => ({
  organizationId: one.organizationId,
  mode: one.mode,
  causationId: one.eventId,
  correlationId: one.correlationId,
  traceparent: childTraceparent(one.traceparent),
});
