import { beforeAll, describe, expect, test } from '@jest/globals';
import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { generate } from 'selfsigned';
import { Certificates } from './certificates.js';
import { signedText, type SnsMessage } from './sns-message.js';
import { SnsVerifier, type SnsTrust } from './sns-verifier.js';
import { TrustedUrls } from './trusted-urls.js';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:postern-events';
const CERTIFICATE_URL = `https://sns.eu-central-1.amazonaws.com/SimpleNotificationService-${'0a'.repeat(16)}.pem`;
const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const MINUTE_MS = 60_000;

type Fields = Record<string, unknown>;

let key: KeyObject;
let certificate: string;
let otherKey: KeyObject;

beforeAll(async () => {
  const dates = { notBeforeDate: new Date(NOW - 1e9), notAfterDate: new Date(NOW + 1e9) };
  const ours = await generate([{ name: 'commonName', value: 'sns.amazonaws.com' }], { ...dates, algorithm: 'sha256' });
  const other = await generate([{ name: 'commonName', value: 'sns.amazonaws.com' }], { ...dates, algorithm: 'sha256' });
  key = createPrivateKey(ours.private);
  certificate = ours.cert;
  otherKey = createPrivateKey(other.private);
});

const notification: Fields = {
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: TOPIC,
  Message: '{"eventType":"Send"}\nwith a second line, and ü',
  Timestamp: '2026-11-21T11:59:00.000Z',
  SignatureVersion: '2',
  SigningCertURL: CERTIFICATE_URL,
  UnsubscribeURL: 'https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe',
};
const confirmation: Fields = {
  ...notification,
  Type: 'SubscriptionConfirmation',
  Token: 'abc',
  SubscribeURL: `https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=abc`,
};

/** Signs as SNS does: what the fields say, with the digest of their version. */
const signed = (fields: Fields, withKey = key): Fields => {
  const digest = fields['SignatureVersion'] === '1' ? 'sha1' : 'sha256';
  const text = signedText({ Signature: '', ...fields } as SnsMessage);
  return { ...fields, Signature: sign(digest, Buffer.from(text), withKey).toString('base64') };
};

const verifier = (trust: Partial<SnsTrust> = {}, served: string | null = certificate): SnsVerifier =>
  new SnsVerifier(
    { topicArns: [TOPIC], refuseVersion1: false, ...trust },
    new TrustedUrls(null),
    new Certificates(
      async () => served,
      () => NOW,
    ),
    () => NOW,
  );

describe('a message that SNS signed', () => {
  test.each<[string, Fields]>([
    ['a notification, version 2', notification],
    ['a notification, version 1', { ...notification, SignatureVersion: '1' }],
    ['a notification with a subject', { ...notification, Subject: 'Amazon SES Email Event Notification' }],
    ['a subscription confirmation', confirmation],
    ['a subscription confirmation, version 1', { ...confirmation, SignatureVersion: '1' }],
    ['an unsubscribe confirmation', { ...confirmation, Type: 'UnsubscribeConfirmation' }],
    ['an hour old', { ...notification, Timestamp: '2026-11-21T11:00:00.000Z' }],
    ['five minutes ahead', { ...notification, Timestamp: '2026-11-21T12:05:00.000Z' }],
    ['with attributes, which are not signed', { ...notification, MessageAttributes: { a: 1 } }],
  ])('is taken: %s', async (_, fields) => {
    expect(await verifier().verify(signed(fields))).toMatchObject({ message: { Type: fields['Type'] } });
  });

  test('is the same text as in the documentation of SNS', () => {
    const fields = { ...notification, Message: 'M', MessageId: 'I', Subject: 'S', Timestamp: 'T', TopicArn: 'A' };
    expect(signedText({ Signature: '', ...fields } as unknown as SnsMessage)).toBe(
      'Message\nM\nMessageId\nI\nSubject\nS\nTimestamp\nT\nTopicArn\nA\nType\nNotification\n',
    );
  });
});

describe('a message that SNS did not sign for us', () => {
  test.each<[string, string, () => Fields]>([
    ['another topic, truly signed', 'topic', () => signed({ ...notification, TopicArn: `${TOPIC}2` })],
    ['older than an hour', 'age', () => signed({ ...notification, Timestamp: '2026-11-21T10:59:59.999Z' })],
    ['of the future', 'age', () => signed({ ...notification, Timestamp: '2026-11-21T12:05:00.001Z' })],
    ['no time', 'not_signed', () => signed({ ...notification, Timestamp: 'yesterday' })],
    ['signed by another key', 'signature', () => signed(notification, otherKey)],
    ['a changed message', 'signature', () => ({ ...signed(notification), Message: 'x' })],
    ['an added subject', 'signature', () => ({ ...signed(notification), Subject: 'x' })],
    ['another message id', 'signature', () => ({ ...signed(notification), MessageId: 'x' })],
    ['version 2 said to be 1', 'signature', () => ({ ...signed(notification), SignatureVersion: '1' })],
    [
      'version 1 said to be 2',
      'signature',
      () => ({ ...signed({ ...notification, SignatureVersion: '1' }), SignatureVersion: '2' }),
    ],
    ['a version that does not exist', 'not_signed', () => ({ ...signed(notification), SignatureVersion: '3' })],
    ['a changed SubscribeURL', 'signature', () => ({ ...signed(confirmation), SubscribeURL: 'https://evil.example/' })],
    ['a changed token', 'signature', () => ({ ...signed(confirmation), Token: 'x' })],
    [
      'a confirmation said to be a notification',
      'signature',
      () => ({ ...signed(confirmation), Type: 'Notification' }),
    ],
    ['an unknown type', 'not_signed', () => ({ ...signed(notification), Type: 'Other' })],
    ['no signature', 'not_signed', () => notification],
    ['an empty signature', 'not_signed', () => ({ ...notification, Signature: '' })],
    ['a signature that is no base64', 'signature', () => ({ ...notification, Signature: '%%%' })],
    ['a number for a message', 'not_signed', () => ({ ...signed(notification), Message: 1 })],
    [
      'a certificate elsewhere',
      'certificate_url',
      () => signed({ ...notification, SigningCertURL: 'https://evil.example/a.pem' }),
    ],
  ])('is refused: %s (%s)', async (_, refused, fields) => {
    expect(await verifier().verify(fields())).toEqual({ refused });
  });

  test.each([null, undefined, 1, 'text', [], {}])('is refused: %j', async (body) => {
    expect(await verifier().verify(body)).toEqual({ refused: 'not_signed' });
  });

  test('version 1 is refused where the setting says so', async () => {
    const strict = verifier({ refuseVersion1: true });
    expect(await strict.verify(signed({ ...notification, SignatureVersion: '1' }))).toEqual({ refused: 'version' });
    expect(await strict.verify(signed(notification))).toHaveProperty('message');
  });

  test.each([
    ['there is none', null],
    ['it is no certificate', 'hello'],
  ])('is refused when %s under the URL', async (_, served) => {
    expect(await verifier({}, served).verify(signed(notification))).toEqual({ refused: 'certificate' });
  });
});

describe('Certificates', () => {
  const dated = async (from: number, to: number): Promise<string> =>
    (
      await generate([{ name: 'commonName', value: 'sns' }], {
        notBeforeDate: new Date(from),
        notAfterDate: new Date(to),
        algorithm: 'sha256',
      })
    ).cert;

  test.each([
    ['not valid yet', NOW + MINUTE_MS, NOW + 60 * MINUTE_MS],
    ['not valid any more', NOW - 60 * MINUTE_MS, NOW - MINUTE_MS],
  ])('a certificate that is %s has no key', async (_, from, to) => {
    const text = await dated(from, to);
    const certificates = new Certificates(
      async () => text,
      () => NOW,
    );
    expect(await certificates.keyOf(CERTIFICATE_URL)).toBeNull();
  });

  test('a key of another kind than RSA is none', async () => {
    const { cert } = await generate([{ name: 'commonName', value: 'sns' }], { keyType: 'ec' });
    expect(await new Certificates(async () => cert).keyOf(CERTIFICATE_URL)).toBeNull();
  });

  test('is fetched once for many at a time, again after an hour, and not kept when it was none', async () => {
    let now = NOW;
    const fetched: string[] = [];
    const certificates = new Certificates(
      async (url) => {
        fetched.push(url);
        return url.endsWith('none') ? null : certificate;
      },
      () => now,
    );
    await Promise.all(Array.from({ length: 5 }, () => certificates.keyOf('a')));
    await certificates.keyOf('a');
    expect(fetched).toEqual(['a']);
    now += 61 * MINUTE_MS;
    await certificates.keyOf('a');
    expect(fetched).toEqual(['a', 'a']);
    await certificates.keyOf('none');
    await certificates.keyOf('none');
    expect(fetched).toEqual(['a', 'a', 'none', 'none']);
  });

  test('keeps a bounded number, and asks for a bounded number at once', async () => {
    const fetched: string[] = [];
    const certificates = new Certificates(
      async (url) => {
        fetched.push(url);
        return certificate;
      },
      () => NOW,
    );
    for (let index = 0; index < 20; index += 1) await certificates.keyOf(`${index}`);
    await certificates.keyOf('0');
    await certificates.keyOf('19');
    expect(fetched).toHaveLength(21);
    const slow = new Certificates(() => new Promise(() => undefined));
    for (let index = 0; index < 4; index += 1) void slow.keyOf(`${index}`);
    await expect(slow.keyOf('one more')).rejects.toMatchObject({ code: 'unavailable' });
  });
});
