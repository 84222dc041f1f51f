import { randomBytes } from 'node:crypto';
import { isBase64 } from '../http/base64.js';
import { InvalidInput, readFields, readString } from '../http/input.js';
import { headerAddresses } from '../ses/address.js';
import { headerValue, readRawMessage } from '../ses/raw-message.js';
import type { RawMessage } from '../ses/raw-message.js';
import type { ObjectStore } from '../s3/object-store.js';
import type { Sns } from '../sns/sns.js';
import type { SandboxState } from '../state/state.js';

/** Plays SES receiving a mail from the internet. */
export interface Receiving {
  /**
   * @param input  `{from, to[], raw_base64, topic_arn, bucket?}`. Without `bucket` the notification carries the content (an
   *   SNS action), with it the content lies in the bucket (an S3 action).
   * @returns SES's id of the mail, or undefined when the topic does not exist.
   * @throws InvalidInput.
   */
  receive(input: unknown): Promise<{ message_id: string } | undefined>;
}

// SES developer guide, "Publish to Amazon SNS topic action": larger mail bounces.
const MAX_CONTENT_BYTES = 150 * 1024;
const SUBJECT = 'Amazon SES Email Receipt Notification';
const readRecipients = (value: unknown): string[] => {
  if (!Array.isArray(value) || value.length === 0) throw new InvalidInput('to must be a list of addresses.');
  return value.map((address) => readString(address, 'to[]'));
};

const readMessage = (raw: Buffer): RawMessage => {
  try {
    return readRawMessage(raw);
  } catch (error) {
    throw new InvalidInput(`raw_base64 is not a message: ${(error as Error).message}`, { cause: error });
  }
};

/** Source: SES developer guide, "Contents of notifications for receiving", "Mail object". */
const receivedMail = (message: RawMessage, messageId: string, from: string, at: string) => {
  const addresses = (name: string): string[] => headerAddresses(headerValue(message, name) ?? '');
  return {
    timestamp: at,
    source: from,
    messageId,
    destination: [...addresses('to'), ...addresses('cc')],
    headersTruncated: false,
    headers: message.fields.map(({ name, value }) => ({ name, value })),
    commonHeaders: {
      returnPath: from,
      from: [headerValue(message, 'from')],
      date: headerValue(message, 'date'),
      to: addresses('to'),
      messageId: headerValue(message, 'message-id'),
      subject: headerValue(message, 'subject'),
    },
  };
};

export const createReceiving = (state: SandboxState, sns: Sns, objects: ObjectStore): Receiving => ({
  async receive(input) {
    const fields = readFields(input, 'The body', ['from', 'to', 'raw_base64', 'topic_arn', 'bucket']);
    const from = readString(fields['from'], 'from');
    const recipients = readRecipients(fields['to']);
    const base64 = readString(fields['raw_base64'], 'raw_base64');
    if (!isBase64(base64)) throw new InvalidInput('raw_base64 is not base64.');
    const raw = Buffer.from(base64, 'base64');
    const topicArn = readString(fields['topic_arn'], 'topic_arn');
    const bucket = 'bucket' in fields ? readString(fields['bucket'], 'bucket') : undefined;
    if (bucket === undefined && raw.length > MAX_CONTENT_BYTES) {
      throw new InvalidInput(`Without a bucket, mail has up to ${MAX_CONTENT_BYTES} bytes.`);
    }
    const message = readMessage(raw);
    if (!state.topics[topicArn]) return undefined;

    const messageId = randomBytes(20).toString('hex');
    if (bucket !== undefined) {
      if (!objects.hasBucket(bucket)) throw new InvalidInput('bucket does not exist; create it with CreateBucket.');
      await objects.putBuffer(bucket, messageId, raw);
    }
    const at = new Date().toISOString();
    const pass = { status: 'PASS' };
    const action =
      bucket === undefined
        ? { type: 'SNS', topicArn, encoding: 'BASE64' }
        : { type: 'S3', topicArn, bucketName: bucket, objectKey: messageId, objectKeyPrefix: '' };
    const record = {
      notificationType: 'Received',
      receipt: {
        timestamp: at,
        processingTimeMillis: 1,
        recipients,
        spamVerdict: pass,
        virusVerdict: pass,
        spfVerdict: pass,
        dkimVerdict: pass,
        dmarcVerdict: pass,
        action,
      },
      mail: receivedMail(message, messageId, from, at),
      ...(bucket === undefined ? { content: base64 } : {}),
    };
    await sns.publish(topicArn, { subject: SUBJECT, message: JSON.stringify(record) });
    return { message_id: messageId };
  },
});
