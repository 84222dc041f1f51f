import { z } from 'zod';

/** `arn:<partition>:sns:<region>:<account>:<name>`; Amazon: names are at most 256 of these characters. */
export const TOPIC_ARN =
  /^arn:(aws|aws-cn|aws-us-gov|aws-eusc):sns:([a-z]{2,4}(?:-[a-z]+)+-\d+):(\d{12}):([A-Za-z0-9_-]{1,256})$/;

const common = {
  MessageId: z.string().min(1).max(256),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.iso.datetime(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string().min(1),
  SigningCertURL: z.string(),
};

export const SnsNotification = z.object({
  ...common,
  Type: z.literal('Notification'),
  Subject: z.string().optional(),
});
export type SnsNotification = z.infer<typeof SnsNotification>;

/** The part of a notification that is left when its origin has been proven. */
export type NotifiedByTopic = Pick<SnsNotification, 'MessageId' | 'TopicArn' | 'Message'>;

export const SnsConfirmation = z.object({
  ...common,
  Type: z.enum(['SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  Token: z.string(),
  SubscribeURL: z.string(),
});
export type SnsConfirmation = z.infer<typeof SnsConfirmation>;

/** What SNS posts to an HTTP endpoint, as far as it is signed. */
export const SnsMessage = z.discriminatedUnion('Type', [SnsNotification, SnsConfirmation]);
export type SnsMessage = z.infer<typeof SnsMessage>;

/**
 * The text under the signature: each signed field that is present, in this order, as key, line feed, value, line feed.
 * Source: SNS developer guide, "Verifying the signatures of Amazon SNS messages".
 */
export function signedText(message: SnsMessage): string {
  const fields: [string, string | undefined][] =
    message.Type === 'Notification'
      ? [
          ['Message', message.Message],
          ['MessageId', message.MessageId],
          ['Subject', message.Subject],
          ['Timestamp', message.Timestamp],
          ['TopicArn', message.TopicArn],
          ['Type', message.Type],
        ]
      : [
          ['Message', message.Message],
          ['MessageId', message.MessageId],
          ['SubscribeURL', message.SubscribeURL],
          ['Timestamp', message.Timestamp],
          ['Token', message.Token],
          ['TopicArn', message.TopicArn],
          ['Type', message.Type],
        ];
  return fields.map(([key, value]) => (value === undefined ? '' : `${key}\n${value}\n`)).join('');
}
