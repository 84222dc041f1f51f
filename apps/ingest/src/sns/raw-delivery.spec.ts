import { expect, test } from '@jest/globals';
import { RawDelivery } from './raw-delivery.js';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:postern-events';
const SECRET = 'a'.repeat(32);
const HEADERS = {
  'x-amz-sns-rawdelivery': 'true',
  'x-amz-sns-message-type': 'Notification',
  'x-amz-sns-message-id': 'b0f7',
  'x-amz-sns-topic-arn': TOPIC,
};
const raw = new RawDelivery(SECRET, [TOPIC]);

test('who knows the path tells a notification', () => {
  expect(raw.read(SECRET, HEADERS, '{"eventType":"Send"}')).toEqual({
    notification: { MessageId: 'b0f7', TopicArn: TOPIC, Message: '{"eventType":"Send"}' },
  });
});

test.each<[string, string, string, object]>([
  ['another path', 'raw_path', 'b'.repeat(32), HEADERS],
  ['a part of the path', 'raw_path', SECRET.slice(1), HEADERS],
  ['no path', 'raw_path', '', HEADERS],
  ['a foreign topic', 'topic', SECRET, { ...HEADERS, 'x-amz-sns-topic-arn': `${TOPIC}2` }],
  ['no topic', 'raw_headers', SECRET, { ...HEADERS, 'x-amz-sns-topic-arn': undefined }],
  ['no message id', 'raw_headers', SECRET, { ...HEADERS, 'x-amz-sns-message-id': '' }],
  ['not said to be raw', 'raw_headers', SECRET, { ...HEADERS, 'x-amz-sns-rawdelivery': undefined }],
])('is refused: %s', (_, refused, secret, headers) => {
  expect(raw.read(secret, headers, '{}')).toEqual({ refused });
});

test('is refused altogether where no secret is set', () => {
  expect(new RawDelivery(null, [TOPIC]).read(SECRET, HEADERS, '{}')).toEqual({ refused: 'raw_off' });
});
