import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { MissingHeaderError, SecretError, SignatureError, TimestampError, WebhookError } from './errors.js';
import { verifySignature } from './verify-signature.js';

/** The example in the specification of Standard Webhooks and in the tests of its libraries. */
const KNOWN = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  payload: '{"test": 2432232314}',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
};
const AT = { nowSeconds: 1_614_265_330 };
const OTHER = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const { secret, payload, headers } = KNOWN;

test('the known signature fits', () => {
  expect(() => verifySignature(payload, headers, secret, AT)).not.toThrow();
  expect(() => verifySignature(payload, headers, secret.slice('whsec_'.length), AT)).not.toThrow();
});

test('what the standard library signs now fits, whatever the body holds', () => {
  for (const body of ['', '{"a":"Grüße, 世界"}', 'a\0b\n']) {
    const id = 'evt_1';
    const seconds = Math.floor(Date.now() / 1000);
    const signed = {
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': new Webhook(secret).sign(id, new Date(seconds * 1000), body),
    };
    expect(() => verifySignature(body, signed, secret)).not.toThrow();
    expect(() => verifySignature(Buffer.from(body), signed, secret)).not.toThrow();
    expect(() => verifySignature(new TextEncoder().encode(body), signed, secret)).not.toThrow();
  }
});

test('octets that are no text are verified as they came', () => {
  const known = Buffer.from([0xff, 0xfe, 0x00]);
  expect(() => verifySignature(known, headers, secret, AT)).toThrow(SignatureError);
});

describe('while secrets rotate', () => {
  test('any of the receiver’s will do', () => {
    expect(() => verifySignature(payload, headers, [OTHER, secret], AT)).not.toThrow();
    expect(() => verifySignature(payload, headers, [OTHER], AT)).toThrow(SignatureError);
  });

  test('any of the sender’s will do, and versions that are not known are passed over', () => {
    const several = { ...headers, 'webhook-signature': `v1a,AAAA v2,AAAA v1,AAAA ${headers['webhook-signature']}` };
    expect(() => verifySignature(payload, several, secret, AT)).not.toThrow();
  });
});

describe('time', () => {
  const at = (seconds: number) => ({ nowSeconds: AT.nowSeconds + seconds });

  test('is five minutes, either way', () => {
    for (const off of [-300, 300]) expect(() => verifySignature(payload, headers, secret, at(off))).not.toThrow();
    for (const off of [-301, 301])
      expect(() => verifySignature(payload, headers, secret, at(off))).toThrow(TimestampError);
  });

  test('is what the receiver says', () => {
    expect(() => verifySignature(payload, headers, secret, { ...at(11), toleranceSeconds: 10 })).toThrow(
      TimestampError,
    );
    expect(() => verifySignature(payload, headers, secret, { ...at(9), toleranceSeconds: 10 })).not.toThrow();
  });

  test.each(['now', '1614265330.5', '-1', '1e9', '١٦'])('is not %j', (timestamp) => {
    const odd = { ...headers, 'webhook-timestamp': timestamp };
    expect(() => verifySignature(payload, odd, secret, AT)).toThrow(TimestampError);
  });
});

test.each([
  ['another body', `${payload} `, {}],
  ['another id', payload, { 'webhook-id': 'msg_other' }],
  ['another time', payload, { 'webhook-timestamp': '1614265331' }],
  ['no signature of version 1', payload, { 'webhook-signature': 'v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }],
  ['a signature that is cut', payload, { 'webhook-signature': 'v1,g0hM9SsE+OTPJTGt' }],
  ['a signature without a version', payload, { 'webhook-signature': 'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' }],
])('%s is refused', (_, body, more) => {
  expect(() => verifySignature(body, { ...headers, ...more }, secret, AT)).toThrow(SignatureError);
});

describe('headers', () => {
  test('are those of fetch, of Node, and in any case', () => {
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    const listed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    for (const form of [new Headers(headers), upper, listed]) {
      expect(() => verifySignature(payload, form, secret, AT)).not.toThrow();
    }
  });

  test.each(Object.keys(headers))('need %s, once', (name) => {
    const value = headers[name as keyof typeof headers];
    for (const wrong of [undefined, '', [], [value, value]]) {
      const odd = { ...headers, [name]: wrong };
      expect(() => verifySignature(payload, odd, secret, AT)).toThrow(new MissingHeaderError(name));
    }
  });
});

test.each([[[]], [''], ['whsec_'], ['whsec_not base64!'], [[secret, '?']]])('%j is no secret', (wrong) => {
  expect(() => verifySignature(payload, headers, wrong, AT)).toThrow(SecretError);
});

test('a parsed body is a mistake of the program, and says what to do', () => {
  expect(() => verifySignature(JSON.parse(payload) as string, headers, secret, AT)).toThrow(
    /^Pass the body as it came/,
  );
});

test('errors are of one family, named, with a code, and tell nothing secret', () => {
  const errors = [
    new MissingHeaderError('webhook-id'),
    new TimestampError(),
    new SignatureError(),
    new SecretError(),
  ] as const;
  for (const error of errors) expect(error).toBeInstanceOf(WebhookError);
  expect(errors.map(({ name, code }) => [name, code])).toEqual([
    ['MissingHeaderError', 'missing_header'],
    ['TimestampError', 'timestamp_out_of_tolerance'],
    ['SignatureError', 'signature_mismatch'],
    ['SecretError', 'invalid_secret'],
  ]);
});
