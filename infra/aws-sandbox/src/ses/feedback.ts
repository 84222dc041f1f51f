import type { Faults } from '../faults/faults.js';
import { log } from '../log.js';
import type { Sns } from '../sns/sns.js';
import type { SandboxState } from '../state/state.js';
import type { Timers } from '../timers.js';
import { eventRecord } from './event-records.js';
import type { Happening, MailObject } from './event-records.js';

/** Tells the sender what became of a message, if its configuration set asks for it. */
export interface Feedback {
  /** Returns at once; the record follows through SNS, subject to the feedback faults. */
  announce(mail: MailObject, configurationSet: string | null, happening: Happening): void;
}

/** How long the `reorder` fault collects records of one message before it publishes them last first. */
const REORDER_HOLD_MS = 300;

/** `Subject` of the notifications that SES's event publishing sends. */
const SUBJECT = 'Amazon SES Email Event Notification';

interface Publication {
  readonly topicArn: string;
  readonly message: string;
}

export const createFeedback = (
  state: SandboxState,
  sns: Sns,
  faults: Faults,
  timers: Timers,
  region: string,
): Feedback => {
  const held = new Map<string, Publication[]>();
  let duplicates = 0;

  const publish = async ({ topicArn, message }: Publication): Promise<void> => {
    // A destination may name a topic that is gone; SES then loses the event.
    if (!state.topics[topicArn]) return log('event_without_topic');
    const content = { subject: SUBJECT, message };
    if (!faults.strikesFeedback('duplicate')) {
      await (
        await sns.publish(topicArn, content)
      ).attempted;
    } else if (++duplicates % 2 === 1) {
      // SNS delivers one message twice: same MessageId.
      await (
        await sns.publish(topicArn, content, 2)
      ).attempted;
    } else {
      // SES publishes one event twice: two SNS messages.
      await (
        await sns.publish(topicArn, content)
      ).attempted;
      await (
        await sns.publish(topicArn, content)
      ).attempted;
    }
  };

  const publishOrLog = (publication: Publication): Promise<void> =>
    publish(publication).catch((error: Error) => log('event_not_published', { reason: error.message }));

  const hold = (messageId: string, publication: Publication): void => {
    const stack = held.get(messageId);
    if (stack) return void stack.push(publication);
    const collected = [publication];
    held.set(messageId, collected);
    timers.after(REORDER_HOLD_MS, () => {
      held.delete(messageId);
      // One after the other: the next leaves when the endpoint has answered.
      void collected.reduceRight((before, next) => before.then(() => publishOrLog(next)), Promise.resolve());
    });
  };

  const release = (messageId: string, publication: Publication): void => {
    if (faults.strikesFeedback('drop')) return;
    if (faults.strikesFeedback('reorder')) hold(messageId, publication);
    else void publishOrLog(publication);
  };

  return {
    announce(mail, configurationSet, happening) {
      const set = configurationSet === null ? undefined : state.configurationSets[configurationSet];
      for (const destination of set?.destinations ?? []) {
        if (!destination.enabled || !asksFor(destination.eventTypes, happening.type)) continue;
        const message = `${JSON.stringify(eventRecord(mail, happening, new Date(), region))}\n`;
        const publication = { topicArn: destination.snsTopicArn, message };
        const delayMs = faults.current.feedback?.delay_ms ?? 0;
        if (delayMs === 0) release(mail.messageId, publication);
        else timers.after(delayMs, () => release(mail.messageId, publication));
      }
    },
  };
};

/** The v1 API cannot ask for `deliveryDelay`; here a destination that wants `delivery` gets delays too. */
const asksFor = (eventTypes: readonly string[], type: Happening['type']): boolean =>
  eventTypes.includes(type) || (type === 'deliveryDelay' && eventTypes.includes('delivery'));
