import { expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import type { SMTPServerDataStream } from 'smtp-server';
import { OctetBudget } from './octet-budget.js';
import { withData } from './read-data.js';

const LIMITS = { maxBytes: 100, maxMs: 1_000 };

const stream = (): SMTPServerDataStream => Object.assign(new PassThrough(), { byteLength: 0, sizeExceeded: false });
const sizeOf = async (raw: Buffer): Promise<number> => raw.length;

test('the message is handed on as a whole, and its octets are given back', async () => {
  const budget = new OctetBudget(10);
  const data = stream();
  data.write('12345');
  data.end('678');
  expect(await withData(data, { ...LIMITS, budget }, sizeOf)).toBe(8);
  expect(budget.take(10)).toBe(true);
});

test('a message over its size, or over the budget, is read to its end and refused', async () => {
  const budget = new OctetBudget(10);
  const large = stream();
  large.write('123');
  large.sizeExceeded = true;
  large.end('456');
  expect(await withData(large, { ...LIMITS, budget }, sizeOf)).toMatchObject({ responseCode: 552 });
  const crowded = stream();
  crowded.write('1234567890');
  crowded.end('1');
  expect(await withData(crowded, { ...LIMITS, budget }, sizeOf)).toMatchObject({ responseCode: 452 });
  expect(crowded.readableEnded).toBe(true);
  expect(budget.take(10)).toBe(true);
});

test('a message that ends early, or takes too long, gives its octets back', async () => {
  const budget = new OctetBudget(10);
  const cut = stream();
  cut.write('123');
  const ended = withData(cut, { ...LIMITS, budget }, sizeOf);
  cut.destroy();
  expect(await ended).toMatchObject({ responseCode: 421 });
  const slow = stream();
  slow.write('123');
  expect(await withData(slow, { ...LIMITS, maxMs: 1, budget }, sizeOf)).toMatchObject({ responseCode: 421 });
  expect(budget.take(10)).toBe(true);
});

test('what the work throws goes on, and its octets are given back', async () => {
  const budget = new OctetBudget(10);
  const data = stream();
  data.end('1234567890');
  const failing = withData(data, { ...LIMITS, budget }, async () => {
    throw new Error('bug');
  });
  await expect(failing).rejects.toThrow('bug');
  expect(budget.take(10)).toBe(true);
});
