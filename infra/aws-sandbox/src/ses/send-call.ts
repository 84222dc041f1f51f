import { AwsError } from '../http/aws-error.js';
import type { QueryParams } from '../http/query-protocol.js';
import type { Faults } from '../faults/faults.js';
import type { Mailbox, TakenMessage } from '../mailbox/mailbox.js';
import type { SandboxState } from '../state/state.js';
import type { AfterTake } from './after-take.js';
import type { MailObject } from './event-records.js';
import { takeRawEmail } from './send-raw-email.js';
import type { SendingQuota } from './sending-quota.js';

/** How a SendRawEmail call ends for its caller. */
export type SendAnswer =
  { readonly kind: 'taken'; readonly messageId: string } | { readonly kind: 'reset' } | { readonly kind: 'silence' };

export interface SendCall {
  (params: QueryParams): Promise<SendAnswer>;
}

const elapse = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs));

/**
 * SendRawEmail with the fault switches around it.
 * `reset`: the connection must be cut without an answer; whether the message was taken is for the caller to find out.
 * `silence`: it was taken, and the caller waits for an answer until it loses patience.
 */
export const createSendCall = (
  account: { state: SandboxState; mailbox: Mailbox; quota: SendingQuota; region: string },
  faults: Faults,
  afterTake: AfterTake,
): SendCall => {
  const take = (params: QueryParams): { message: TakenMessage; mail: MailObject } => {
    if (faults.strikes('server_error')) {
      throw new AwsError('InternalFailure', 'The request processing has failed because of an unknown error.', 500);
    }
    if (faults.strikes('throttle')) throw new AwsError('Throttling', 'Maximum sending rate exceeded.');
    if (faults.strikes('quota_exceeded')) throw new AwsError('Throttling', 'Daily message quota exceeded.');
    return takeRawEmail(params, account);
  };

  const answer = (params: QueryParams): SendAnswer => {
    if (faults.strikes('reset_before')) return { kind: 'reset' };
    const { message, mail } = take(params);
    afterTake(message, mail);
    if (faults.strikes('no_answer')) return { kind: 'silence' };
    return faults.strikes('reset_after') ? { kind: 'reset' } : { kind: 'taken', messageId: message.messageId };
  };

  return async (params) => {
    const latencyMs = faults.current.latency_ms ?? 0;
    try {
      // Decided on arrival, answered late: a caller that dies while it waits leaves a message that was taken.
      return answer(params);
    } finally {
      if (latencyMs > 0) await elapse(latencyMs);
    }
  };
};
