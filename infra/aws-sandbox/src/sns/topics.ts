import { AwsError } from '../http/aws-error.js';
import type { SandboxState } from '../state/state.js';

export interface Topic {
  readonly arn: string;
  readonly name: string;
  /** Own attributes as they were set, e.g. `SignatureVersion`. */
  readonly attributes: Record<string, string>;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: 'http' | 'https';
  readonly endpoint: string;
  /** What the endpoint must show to confirm. */
  readonly token: string;
  /** An ended subscription is listed no more, but the SubscribeURL of its goodbye can bring it back. */
  status: 'pending' | 'confirmed' | 'ended';
}

/** Twelve digits, as account ids have; no real account has this one. */
export const ACCOUNT_ID = '000000000000';

export const topicArn = (region: string, name: string): string => `arn:aws:sns:${region}:${ACCOUNT_ID}:${name}`;

/** @throws AwsError `NotFound` (404). */
export const needTopic = (state: SandboxState, arn: string): Topic => {
  const topic = state.topics[arn];
  if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
  return topic;
};

/** SNS's default is "1"; here it is "2", so that nobody gets used to SHA-1. */
export const signatureVersion = (topic: Topic): '1' | '2' => (topic.attributes['SignatureVersion'] === '1' ? '1' : '2');

export const subscriptionsOf = (state: SandboxState, arn: string): Subscription[] =>
  Object.values(state.subscriptions).filter(
    (subscription) => subscription.topicArn === arn && subscription.status !== 'ended',
  );

/** How listings show a subscription: an unconfirmed one hides its ARN, as in SNS. */
export const listedSubscription = (subscription: Subscription) => ({
  SubscriptionArn: subscription.status === 'confirmed' ? subscription.arn : 'PendingConfirmation',
  Owner: ACCOUNT_ID,
  Protocol: subscription.protocol,
  Endpoint: subscription.endpoint,
  TopicArn: subscription.topicArn,
});
