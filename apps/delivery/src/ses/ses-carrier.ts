import { SendRawEmailCommand, type MessageTag, type SESClient } from '@aws-sdk/client-ses';
import { durations } from '@postern/platform';
import type { Carrier } from '../send/carrier.js';
import type { Outcome } from '../send/outcome.js';
import type { ClaimedSend } from '../send/send.js';
import { NO_ANSWER, outcomeOfError } from './ses-errors.js';

const callSeconds = durations('postern_ses_call_seconds', 'How long SES took to answer SendRawEmail.');

/** Hands messages to Amazon SES. */
export class SesCarrier implements Carrier {
  constructor(
    private readonly ses: Pick<SESClient, 'send'>,
    private readonly configurationSet: string | undefined,
  ) {}

  async handOver(send: ClaimedSend, raw: Buffer, mayBegin: () => boolean): Promise<Outcome> {
    const done = callSeconds.startTimer();
    let begun = false;
    const begin = (): void => {
      if (!mayBegin()) throw new TooLate();
      begun = true;
    };
    try {
      const { MessageId } = await this.ses.send(this.call(send, raw, begin));
      // A 200 with an empty body parses without an error; it is no proof.
      if (!MessageId) return { kind: 'unknown', code: 'no_message_id', reason: NO_ANSWER };
      return { kind: 'taken', sesMessageId: MessageId, feedback: [] };
    } catch (error) {
      if (error instanceof TooLate) return { kind: 'unused' };
      const outcome = outcomeOfError(error);
      // The SDK gave up before it wrote anything: there is nothing to be in doubt about.
      return outcome.kind === 'unknown' && !begun
        ? { kind: 'retry', code: outcome.code, reason: NOT_WRITTEN }
        : outcome;
    } finally {
      done();
    }
  }

  private call(send: ClaimedSend, raw: Buffer, begin: () => void): SendRawEmailCommand {
    const command = new SendRawEmailCommand({
      RawMessage: { Data: raw },
      Source: send.mailFrom,
      // Given here, so that To and Cc of the MIME are not asked: suppressed ones and Bcc would go wrong.
      Destinations: send.recipients,
      Tags: tagsOf(send),
      ...(this.configurationSet !== undefined && { ConfigurationSetName: this.configurationSet }),
    });
    // Credentials and the signature may take long, and a paused process goes on in the middle of it. The last step of the
    // stack is the one that writes to the connection.
    command.middlewareStack.add(
      (next) => async (args) => {
        begin();
        return next(args);
      },
      { step: 'deserialize', priority: 'low', name: 'begin' },
    );
    return command;
  }
}

const NOT_WRITTEN = 'The call of Amazon SES could not be written.';

/** Thrown before the call, by ourselves. */
class TooLate extends Error {}

/** Source: SES API reference, MessageTag. */
const TAG_VALUE = /^[A-Za-z0-9_-]{1,256}$/;

/** Every event about this mail carries these: whose it is, and which attempt. */
function tagsOf(send: ClaimedSend): MessageTag[] {
  const tags = {
    postern_message: send.messageId,
    postern_organization: send.organizationId,
    postern_mode: send.mode,
    postern_attempt: String(send.attempt),
    postern_trace: send.traceparent,
  };
  // A trace context of a later version may hold more; a message must not be refused because of it.
  return Object.entries(tags).flatMap(([Name, Value]) => (TAG_VALUE.test(Value) ? [{ Name, Value }] : []));
}
