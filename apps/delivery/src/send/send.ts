import type { Content, Envelope, EventDefinition, Tenant } from '@postern/contracts';
import type { NewFact } from '@postern/eventing';
import { childTraceparent } from '@postern/platform';

/** Names one send. */
export interface SendKey extends Tenant {
  messageId: string;
}

/** A send and the chain of facts that it belongs to. */
export interface TracedSend extends SendKey {
  attempt: number;
  correlationId: string;
  causationId: string | null;
  traceparent: string;
}

/** A send as a caller holds it. */
export interface ClaimedSend extends TracedSend {
  /** Proves that this caller is the last one that claimed it. */
  claimToken: string;
  /** Tries that were spent; waiting costs none. */
  tries: number;
  firstAttemptAt: Date;
  /** The reason that was told last for waiting. */
  deferredReason: string | null;
  mailFrom: string;
  /** Those left after suppression. */
  recipients: string[];
  content: Content;
  /** As it was approved: what is asked of SES may be less, never more. */
  envelope: Envelope;
  /** Of that envelope and the MIME. */
  contentHash: string;
}

/** A new fact about a send: continues its chain. */
export function factOf<E extends EventDefinition>(
  send: TracedSend,
  data: NewFact<E>['data'],
  causationId = send.causationId,
): NewFact<E> {
  return {
    organizationId: send.organizationId,
    mode: send.mode,
    correlationId: send.correlationId,
    causationId,
    traceparent: childTraceparent(send.traceparent),
    data,
  };
}
