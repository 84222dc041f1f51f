import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { LONGEST } from './longest-first.mjs';

test('what is started first is there', () => {
  expect(LONGEST.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
});
