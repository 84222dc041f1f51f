import { randomBytes, randomUUID } from 'node:crypto';
import { AwsError } from '../http/aws-error.js';
import type { QueryAction, QueryParams } from '../http/query-protocol.js';
import type { StateStore } from '../state/state.js';
import type { MessageAttribute } from './envelope.js';
import type { Sns } from './sns.js';
import { ACCOUNT_ID, listedSubscription, needTopic, signatureVersion, subscriptionsOf, topicArn } from './topics.js';
import type { Subscription } from './topics.js';

export const SNS_VERSION = '2010-03-31';
export const SNS_NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';

// SNS quotas: topic names have up to 256 of these characters; a message has up to 256 KiB.
const TOPIC_NAME = /^[A-Za-z0-9_-]{1,256}$/;
const MAX_MESSAGE_BYTES = 256 * 1024;

const invalid = (what: string): AwsError => new AwsError('InvalidParameter', `Invalid parameter: ${what}`);

const checkAttribute = (name: string, value: string): void => {
  if (name === 'SignatureVersion' && value !== '1' && value !== '2') throw invalid('SignatureVersion');
  if (name === 'FifoTopic' && value === 'true') throw invalid('FifoTopic: SES cannot publish to FIFO topics');
};

const attributesOf = (params: QueryParams): Record<string, MessageAttribute> | undefined => {
  const given = params.structures('MessageAttributes', 'entry');
  if (given.length === 0) return undefined;
  return Object.fromEntries(
    given.map((entry) => [
      entry.need('Name'),
      {
        Type: entry.need('Value.DataType'),
        Value: entry.get('Value.StringValue') ?? entry.get('Value.BinaryValue') ?? '',
      },
    ]),
  );
};

/** The SNS operations of the sandbox, by name. Every change is on disk before its answer. */
export const snsActions = (store: StateStore, sns: Sns, region: string): Record<string, QueryAction> => {
  const { state, save } = store;

  const subscriptionWhere = (test: (subscription: Subscription) => boolean): Subscription | undefined =>
    Object.values(state.subscriptions).find(test);

  return {
    async CreateTopic(params) {
      const name = params.need('Name');
      if (!TOPIC_NAME.test(name)) throw invalid('Topic Name');
      const arn = topicArn(region, name);
      const topic = (state.topics[arn] ??= { arn, name, attributes: {} });
      for (const entry of params.structures('Attributes', 'entry')) {
        const [key, value] = [entry.need('key'), entry.get('value') ?? ''];
        checkAttribute(key, value);
        topic.attributes[key] = value;
      }
      await save();
      return { TopicArn: arn };
    },

    // Deleting what is not there succeeds, in SNS too.
    async DeleteTopic(params) {
      const arn = params.need('TopicArn');
      for (const subscription of Object.values(state.subscriptions)) {
        if (subscription.topicArn === arn) delete state.subscriptions[subscription.arn];
      }
      delete state.topics[arn];
      await save();
    },

    ListTopics: () => ({ Topics: Object.keys(state.topics).map((arn) => ({ TopicArn: arn })) }),

    GetTopicAttributes(params) {
      const topic = needTopic(state, params.need('TopicArn'));
      const subscriptions = subscriptionsOf(state, topic.arn);
      const confirmed = subscriptions.filter(({ status }) => status === 'confirmed').length;
      return {
        Attributes: new Map(
          Object.entries({
            ...topic.attributes,
            TopicArn: topic.arn,
            Owner: ACCOUNT_ID,
            SignatureVersion: signatureVersion(topic),
            SubscriptionsConfirmed: String(confirmed),
            SubscriptionsPending: String(subscriptions.length - confirmed),
          }),
        ),
      };
    },

    async SetTopicAttributes(params) {
      const topic = needTopic(state, params.need('TopicArn'));
      const [name, value] = [params.need('AttributeName'), params.get('AttributeValue') ?? ''];
      checkAttribute(name, value);
      topic.attributes[name] = value;
      await save();
    },

    async Subscribe(params) {
      const topic = needTopic(state, params.need('TopicArn'));
      const protocol = params.need('Protocol');
      const endpoint = params.need('Endpoint');
      if (protocol !== 'http' && protocol !== 'https') throw invalid('Protocol: the sandbox knows http and https');
      if (!endpoint.startsWith(`${protocol}://`) || !URL.canParse(endpoint))
        throw invalid('Endpoint must match the specified protocol');
      const same = (other: Subscription): boolean => other.topicArn === topic.arn && other.endpoint === endpoint;
      const known = subscriptionWhere(same);
      if (known?.status === 'confirmed') return { SubscriptionArn: known.arn };

      const arn = known?.arn ?? `${topic.arn}:${randomUUID()}`;
      const token = known?.token ?? randomBytes(32).toString('hex');
      const subscription: Subscription = { arn, topicArn: topic.arn, protocol, endpoint, token, status: 'pending' };
      state.subscriptions[arn] = subscription;
      await save();
      await sns.askToConfirm(topic, subscription);
      return { SubscriptionArn: params.get('ReturnSubscriptionArn') === 'true' ? arn : 'pending confirmation' };
    },

    async ConfirmSubscription(params) {
      const topic = needTopic(state, params.need('TopicArn'));
      const token = params.need('Token');
      const subscription = subscriptionWhere((other) => other.topicArn === topic.arn && other.token === token);
      if (!subscription) throw invalid('Token');
      subscription.status = 'confirmed';
      await save();
      return { SubscriptionArn: subscription.arn };
    },

    async Unsubscribe(params) {
      const subscription = state.subscriptions[params.need('SubscriptionArn')];
      if (!subscription || subscription.status === 'ended') return;
      subscription.status = 'ended';
      await save();
      await sns.sayGoodbye(needTopic(state, subscription.topicArn), subscription);
    },

    ListSubscriptions: () => ({
      Subscriptions: Object.keys(state.topics).flatMap((arn) => subscriptionsOf(state, arn).map(listedSubscription)),
    }),

    ListSubscriptionsByTopic(params) {
      const topic = needTopic(state, params.need('TopicArn'));
      return { Subscriptions: subscriptionsOf(state, topic.arn).map(listedSubscription) };
    },

    async Publish(params) {
      const arn = params.get('TopicArn') ?? params.get('TargetArn');
      const message = params.get('Message');
      if (!arn) throw invalid('TopicArn or TargetArn Reason: no value for required parameter');
      if (!message) throw invalid('Empty message');
      if (Buffer.byteLength(message) > MAX_MESSAGE_BYTES) throw invalid('Message too long');
      const attributes = attributesOf(params);
      const content = { subject: params.get('Subject'), message, ...(attributes && { attributes }) };
      const { messageId } = await sns.publish(arn, content);
      return { MessageId: messageId };
    },
  };
};
