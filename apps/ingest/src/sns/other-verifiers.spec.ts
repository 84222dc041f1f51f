import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createPrivateKey, sign, type KeyObject } from 'node:crypto';
import https from 'node:https';
import { Readable } from 'node:stream';
import { generate } from 'selfsigned';
import PayloadValidator from 'sns-payload-validator';
import MessageValidator from 'sns-validator';
import { Certificates } from './certificates.js';
import { signedText, type SnsMessage } from './sns-message.js';
import { SnsVerifier } from './sns-verifier.js';
import { TrustedUrls } from './trusted-urls.js';

/*
 * Two published verifiers judge the same messages. Where they are right, ours says the same; where they differ, the row
 * says why ours does not follow.
 */
const TOPIC = 'arn:aws:sns:us-west-2:123456789012:postern-events';
const HOST = 'https://sns.us-west-2.amazonaws.com';
const CERTIFICATE = `/SimpleNotificationService-${'0a'.repeat(16)}.pem`;

let key: KeyObject;
let certificate: string;

beforeAll(async () => {
  const made = await generate([{ name: 'commonName', value: 'sns.amazonaws.com' }], { algorithm: 'sha256' });
  key = createPrivateKey(made.private);
  certificate = made.cert;
  // Both ask `https` for whatever URL they trust.
  jest.spyOn(https, 'get').mockImplementation(((_url: string, ...rest: unknown[]) => {
    const answer = rest.at(-1) as (response: Readable) => void;
    setImmediate(() => answer(Object.assign(Readable.from([certificate]), { statusCode: 200 })));
    return { on: () => undefined };
  }) as unknown as typeof https.get);
});

// The module is shared with whatever this worker runs next.
afterAll(() => {
  jest.restoreAllMocks();
});

type Fields = Record<string, string>;

const notification = (more: Fields = {}): Fields => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: TOPIC,
  Message: '{"eventType":"Send"}',
  Timestamp: new Date().toISOString(),
  SignatureVersion: '2',
  SigningCertURL: HOST + CERTIFICATE,
  ...more,
});
const confirmation = (more: Fields = {}): Fields =>
  notification({ Type: 'SubscriptionConfirmation', Token: 'abc', SubscribeURL: `${HOST}/?Action=x`, ...more });

const signed = (fields: Fields): Fields => {
  const digest = fields['SignatureVersion'] === '1' ? 'sha1' : 'sha256';
  const text = signedText({ Signature: '', ...fields } as unknown as SnsMessage);
  return { ...fields, Signature: sign(digest, Buffer.from(text), key).toString('base64') };
};
const at = (url: string): Fields => signed(notification({ SigningCertURL: url }));

interface Row {
  ours: boolean;
  message: () => Fields;
  /** `sns-validator` 0.3.5 */
  amazons: boolean;
  /** `sns-payload-validator` 2.1.0 */
  payload: boolean;
}

const ROWS: Record<string, Row> = {
  'a notification': { message: () => signed(notification()), ours: true, amazons: true, payload: true },
  'a notification, version 1': {
    message: () => signed(notification({ SignatureVersion: '1' })),
    ours: true,
    amazons: true,
    payload: true,
  },
  'a notification with a subject': {
    message: () => signed(notification({ Subject: 'Amazon SES Email Event Notification' })),
    ours: true,
    amazons: true,
    payload: true,
  },
  'a confirmation': { message: () => signed(confirmation()), ours: true, amazons: true, payload: true },
  'a confirmation, version 1': {
    message: () => signed(confirmation({ SignatureVersion: '1' })),
    ours: true,
    amazons: true,
    payload: true,
  },
  'the end of a subscription: sns-validator leaves Token out of the text': {
    message: () => signed(confirmation({ Type: 'UnsubscribeConfirmation' })),
    ours: true,
    amazons: false,
    payload: true,
  },
  'a changed message': {
    message: () => ({ ...signed(notification()), Message: '{}' }),
    ours: false,
    amazons: false,
    payload: false,
  },
  'version 2 said to be 1': {
    message: () => ({ ...signed(notification()), SignatureVersion: '1' }),
    ours: false,
    amazons: false,
    payload: false,
  },
  'a bucket named sns: sns-validator trusts its host': {
    message: () => at('https://sns.s3-us-west-2.amazonaws.com/evil.pem'),
    ours: false,
    amazons: true,
    payload: false,
  },
  "a bucket named sns with SNS's file name: both trust it": {
    message: () => at(`https://sns.s3-us-west-2.amazonaws.com${CERTIFICATE}`),
    ours: false,
    amazons: true,
    payload: true,
  },
  'another file of the right host: sns-validator trusts it': {
    message: () => at(`${HOST}/evil.pem`),
    ours: false,
    amazons: true,
    payload: false,
  },
  'a message of 2010: age is left to the caller': {
    message: () => signed(notification({ Timestamp: '2010-01-01T00:00:00.000Z' })),
    ours: false,
    amazons: true,
    payload: true,
  },
  'a foreign topic: the topic is left to the caller': {
    message: () => signed(notification({ TopicArn: `${TOPIC}2` })),
    ours: false,
    amazons: true,
    payload: true,
  },
  'an unknown type: sns-validator takes it for a notification': {
    message: () => signed(notification({ Type: 'Gossip' })),
    ours: false,
    amazons: true,
    payload: false,
  },
};

test.each(Object.entries(ROWS))('%s', async (_, { message, ours, amazons, payload }) => {
  const verifier = new SnsVerifier(
    { topicArns: [TOPIC], refuseVersion1: false },
    new TrustedUrls(null),
    new Certificates(async () => certificate),
  );
  const amazon = new MessageValidator();
  const other = new PayloadValidator();
  expect({
    ours: 'message' in (await verifier.verify(message())),
    amazons: await new Promise((resolve) => amazon.validate(message(), (error) => resolve(error === null))),
    payload: await other.validate(JSON.stringify(message())).then(
      () => true,
      () => false,
    ),
  }).toEqual({ ours, amazons, payload });
});
