import { expect, test } from '@jest/globals';
import { wireMessageId } from './wire-message-id.js';

test.each([
  ['us-east-1', '<0100-abc-000000@email.amazonses.com>'],
  ['eu-central-1', '<0100-abc-000000@eu-central-1.amazonses.com>'],
])('the Message-ID on the wire in %s', (region, expected) => {
  expect(wireMessageId(region, '0100-abc-000000')).toBe(expected);
});
