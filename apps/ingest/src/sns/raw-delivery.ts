import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { NotifiedByTopic } from './sns-message.js';

/** What SNS tells of a message in headers when it posts the bare message. Nothing of it is signed. */
const RawHeaders = z.object({
  'x-amz-sns-rawdelivery': z.literal('true'),
  'x-amz-sns-message-type': z.literal('Notification'),
  'x-amz-sns-message-id': z.string().min(1).max(256),
  'x-amz-sns-topic-arn': z.string(),
});

export type RawRefusal = 'raw_off' | 'raw_path' | 'raw_headers' | 'topic';

/**
 * Raw message delivery carries no signature, so what proves the sender is a path that only the subscription knows.
 * Source: SNS developer guide, "Amazon SNS raw message delivery".
 */
export class RawDelivery {
  /** @param secret  the last part of the path; null where raw delivery is refused. */
  constructor(
    private readonly secret: string | null,
    private readonly topicArns: readonly string[],
  ) {}

  /** @param body  as posted: the message itself. */
  read(secret: string, headers: unknown, body: string): { notification: NotifiedByTopic } | { refused: RawRefusal } {
    if (this.secret === null) return { refused: 'raw_off' };
    if (!timingSafeEqual(digest(secret), digest(this.secret))) return { refused: 'raw_path' };
    const parsed = RawHeaders.safeParse(headers);
    if (!parsed.success) return { refused: 'raw_headers' };
    const { 'x-amz-sns-message-id': MessageId, 'x-amz-sns-topic-arn': TopicArn } = parsed.data;
    if (!this.topicArns.includes(TopicArn)) return { refused: 'topic' };
    return { notification: { MessageId, TopicArn, Message: body } };
  }
}

/** Equal lengths, so that the comparison takes the same time whatever was guessed. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
