import { durations } from '@postern/platform';
import type { Carrier } from '../send/carrier.js';
import type { Outcome } from '../send/outcome.js';
import type { ClaimedSend } from '../send/send.js';
import { feedbackOf, outcomeOfFailure } from './smtp-outcome.js';
import type { RelayPool } from './relay-pool.js';

const callSeconds = durations('postern_smtp_relay_seconds', 'How long the relay took for one message.');

/** Hands messages to an SMTP relay, for those without Amazon SES. */
export class SmtpCarrier implements Carrier {
  constructor(private readonly pool: RelayPool) {}

  async handOver(send: ClaimedSend, raw: Buffer, mayBegin: () => boolean): Promise<Outcome> {
    const done = callSeconds.startTimer();
    try {
      const result = await this.pool.transact({ from: send.mailFrom, to: send.recipients, raw, mayBegin });
      if (result === 'unused') return { kind: 'unused' };
      if ('failure' in result) return outcomeOfFailure(result.failure);
      return { kind: 'taken', sesMessageId: messageIdOf(send), feedback: feedbackOf(result.reply) };
    } finally {
      done();
    }
  }
}

/** A relay gives no id that anybody could look up, and leaves our Message-ID be: so that is its id, without brackets. */
const messageIdOf = ({ messageId, mailFrom }: ClaimedSend): string =>
  `${messageId}@${mailFrom.slice(mailFrom.lastIndexOf('@') + 1)}`;
