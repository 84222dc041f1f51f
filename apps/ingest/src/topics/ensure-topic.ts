import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';

/** How a topic stands: only `subscribed` brings us its messages. */
export type TopicState = 'subscribed' | 'pending' | 'missing' | 'elsewhere';

/** Who asks, and what ends the asking. */
export interface SnsCaller {
  sns: SNSClient;
  abortSignal: AbortSignal;
}

const CONFIRMED = /^arn:/;

/**
 * Looks whether our endpoint is subscribed to the topic, and confirmed.
 * @throws when SNS is away, or refuses.
 */
export async function lookAtTopic(
  { sns, abortSignal }: SnsCaller,
  topicArn: string,
  endpoint: string,
): Promise<TopicState> {
  let pending = false;
  let nextToken: string | undefined;
  try {
    do {
      const page = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken: nextToken }), {
        abortSignal,
      });
      const ours = (page.Subscriptions ?? []).filter((subscription) => subscription.Endpoint === endpoint);
      if (ours.some(({ SubscriptionArn }) => CONFIRMED.test(SubscriptionArn ?? ''))) return 'subscribed';
      pending ||= ours.length > 0;
      nextToken = page.NextToken;
    } while (nextToken !== undefined);
  } catch (error) {
    if ((error as { name?: unknown }).name === 'NotFoundException') return 'missing';
    throw error;
  }
  return pending ? 'pending' : 'missing';
}

/**
 * Makes the topic and subscribes our endpoint where that is not so already. Safe to call from several processes and again:
 * SNS answers with what exists. SNS then posts the confirmation, which the endpoint answers.
 * @returns `pending` when a confirmation was asked for, `elsewhere` when the credentials make topics of another account
 * or region than the ARN names.
 */
export async function ensureTopic(
  { sns, abortSignal }: SnsCaller,
  topicArn: string,
  endpoint: string,
): Promise<TopicState> {
  const state = await lookAtTopic({ sns, abortSignal }, topicArn, endpoint);
  if (state === 'subscribed') return state;
  const name = topicArn.slice(topicArn.lastIndexOf(':') + 1);
  const created = await sns.send(new CreateTopicCommand({ Name: name }), { abortSignal });
  if (created.TopicArn !== topicArn) return 'elsewhere';
  // Version 1 signs with SHA-1, and is the default.
  await sns.send(
    new SetTopicAttributesCommand({ TopicArn: topicArn, AttributeName: 'SignatureVersion', AttributeValue: '2' }),
    { abortSignal },
  );
  await sns.send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: new URL(endpoint).protocol.slice(0, -1), Endpoint: endpoint }),
    { abortSignal },
  );
  return 'pending';
}
