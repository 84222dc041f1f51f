import type { StateStore } from '../state/state.js';
import type { Timers } from '../timers.js';
import { createDeliveries } from './deliveries.js';
import { createEnvelopes } from './envelope.js';
import type { MessageAttribute } from './envelope.js';
import { needTopic, subscriptionsOf } from './topics.js';
import type { Subscription, Topic } from './topics.js';

/** What a publisher hands over. */
export interface SnsMessage {
  readonly subject?: string | undefined;
  readonly message: string;
  readonly attributes?: Record<string, MessageAttribute>;
}

export interface Sns {
  /**
   * Sends a message to every confirmed subscription of a topic.
   * @param copies  how often each endpoint gets it, all with one SNS message id (2 = a redelivery of a true message).
   * @returns the SNS message id, and a promise of the end of every first attempt.
   * @throws AwsError `NotFound` for an unknown topic.
   */
  publish(
    topicArn: string,
    message: SnsMessage,
    copies?: number,
  ): Promise<{ messageId: string; attempted: Promise<unknown> }>;
  askToConfirm(topic: Topic, subscription: Subscription): Promise<void>;
  sayGoodbye(topic: Topic, subscription: Subscription): Promise<void>;
  stop(): void;
}

export const createSns = (store: StateStore, baseUrl: string, timers: Timers): Sns => {
  const envelopes = createEnvelopes(store.state.signingKey, baseUrl);
  const deliveries = createDeliveries(timers);

  return {
    async publish(topicArn, message, copies = 1) {
      const notification = await envelopes.notification(needTopic(store.state, topicArn), message);
      const attempts: Promise<void>[] = [];
      for (const subscription of subscriptionsOf(store.state, topicArn)) {
        if (subscription.status !== 'confirmed') continue;
        const post = envelopes.post(notification, subscription);
        for (let copy = 0; copy < copies; copy++) attempts.push(deliveries.send(subscription.endpoint, post));
      }
      return { messageId: notification.messageId, attempted: Promise.all(attempts) };
    },
    async askToConfirm(topic, subscription) {
      void deliveries.send(
        subscription.endpoint,
        await envelopes.handshake('SubscriptionConfirmation', topic, subscription),
      );
    },
    async sayGoodbye(topic, subscription) {
      void deliveries.send(
        subscription.endpoint,
        await envelopes.handshake('UnsubscribeConfirmation', topic, subscription),
      );
    },
    stop: () => deliveries.stop(),
  };
};
