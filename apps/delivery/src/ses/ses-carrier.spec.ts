import { expect, test } from '@jest/globals';
import { claimedSend } from '../send/claimed-send.fake.js';
import { SesCarrier } from './ses-carrier.js';

const RAW = Buffer.from('Subject: Hello\r\n\r\nHello.\r\n');
const SEND = claimedSend({ from: 'a@x.test', recipients: [{ address: 'b@y.test', role: 'to' }] }, RAW);

test('an error before anything was written leaves no doubt', async () => {
  const ses = { send: () => Promise.reject(new RangeError('Maximum call stack size exceeded')) };
  expect(await new SesCarrier(ses, undefined).handOver(SEND, RAW, () => true)).toEqual({
    kind: 'retry',
    code: 'RangeError',
    reason: 'The call of Amazon SES could not be written.',
  });
});
