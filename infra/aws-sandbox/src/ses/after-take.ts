import type { TakenMessage } from '../mailbox/mailbox.js';
import type { Timers } from '../timers.js';
import { domainOf } from './address.js';
import { autoAnswer } from './auto-answer.js';
import type { FailedRecipient, Happening, MailObject } from './event-records.js';
import type { Feedback } from './feedback.js';
import { messageIdHeader } from './message-id.js';
import { hasTestVirus, planOutcomes } from './outcomes.js';
import type { SmtpHandOn } from './smtp-hand-on.js';

/** Plays what happens to a message once SES has taken it. */
export type AfterTake = (message: TakenMessage, mail: MailObject) => void;

/** What the other side of the internet takes to answer, kept short: feedback comes after SES's own answer. */
const OUTCOME_DELAY_MS = 25;
/** A complaint follows the delivery; far enough behind it that the order survives the way through SNS. */
const COMPLAINT_DELAY_MS = 250;

const bounceOf = (
  bounceType: 'Permanent' | 'Transient',
  bounceSubType: 'General' | 'Suppressed',
  recipients: readonly FailedRecipient[],
): Happening => ({ type: 'bounce', bounceType, bounceSubType, recipients });

export const createAfterTake = (
  feedback: Feedback,
  timers: Timers,
  region: string,
  local: { domain: string | undefined; handOn: SmtpHandOn | undefined },
): AfterTake => {
  const answerOutOfOffice = (message: TakenMessage, mail: MailObject, recipients: readonly string[]): void => {
    if (domainOf(message.source) !== local.domain) return;
    const subject = mail.commonHeaders['subject'] as string | undefined;
    for (const recipient of recipients) {
      const id = messageIdHeader(region, message.messageId);
      const raw = autoAnswer(recipient, message.source, id, subject, new Date());
      // RFC 3834 §3.3: the null reverse-path, so that nothing answers the answer. Its fate is nobody's concern.
      const ignore = { delivered: () => undefined, refused: () => undefined, gaveUp: () => undefined };
      local.handOn?.send({ from: '', recipients: [message.source], raw }, ignore);
    }
  };

  return (message, mail) => {
    const announce = (happening: Happening): void => feedback.announce(mail, message.configurationSet, happening);
    announce({ type: 'send' });
    if (hasTestVirus(message.raw)) return timers.after(OUTCOME_DELAY_MS, () => announce({ type: 'reject' }));

    const plan = planOutcomes(message.destinations, local.handOn && local.domain);
    timers.after(OUTCOME_DELAY_MS, () => {
      if (plan.delivered.length > 0) announce({ type: 'delivery', recipients: plan.delivered });
      if (plan.bounced.length > 0) announce(bounceOf('Permanent', 'General', plan.bounced));
      if (plan.suppressed.length > 0) announce(bounceOf('Permanent', 'Suppressed', plan.suppressed));
      if (plan.delayed.length > 0) announce({ type: 'deliveryDelay', recipients: plan.delayed });
      answerOutOfOffice(message, mail, plan.autoAnswering);
    });
    if (plan.complaining.length > 0) {
      timers.after(OUTCOME_DELAY_MS + COMPLAINT_DELAY_MS, () =>
        announce({ type: 'complaint', recipients: plan.complaining }),
      );
    }
    if (plan.local.length > 0) {
      local.handOn?.send(
        { from: message.source, recipients: plan.local, raw: message.raw },
        {
          delivered: (recipients, answer) => announce({ type: 'delivery', recipients, answer }),
          refused: (recipients) => announce(bounceOf('Permanent', 'General', recipients)),
          gaveUp: (recipients) => announce(bounceOf('Transient', 'General', recipients)),
        },
      );
    }
  };
};
