import { expect, test } from '@jest/globals';
import { isNewEnough } from './server-version.js';

test.each([
  ['2.9.10', false],
  ['1.4.1', false],
  ['2.10.0', true],
  ['2.10.27', true],
  ['v2.12.0-beta.1', true],
  ['2.15.1', true],
  ['3.0.0', true],
  ['nonsense', false],
])('%s is new enough: %s', (version, expected) => {
  expect(isNewEnough(version)).toBe(expected);
});
