import { expect, test } from '@jest/globals';
import { createSendingQuota } from './sending-quota.js';

const quotaAt = (startMs = 0) => {
  let nowMs = startMs;
  const quota = createSendingQuota(() => nowMs);
  return { quota, pass: (ms: number) => void (nowMs += ms) };
};

test('the rate counts recipients, refills, and lets one second burst', () => {
  const { quota, pass } = quotaAt();
  quota.set({ maxSendRate: 2, max24HourSend: -1 });
  quota.take(1, 1);
  quota.take(1, 1);
  expect(() => quota.take(1, 1)).toThrow('Maximum sending rate exceeded.');
  pass(500);
  quota.take(1, 1);
  expect(() => quota.take(1, 1)).toThrow('Maximum sending rate exceeded.');
});

test('a call of many recipients passes, and those after it pay', () => {
  const { quota, pass } = quotaAt();
  quota.set({ maxSendRate: 1, max24HourSend: -1 });
  quota.take(50, 50);
  pass(49_000);
  expect(() => quota.take(1, 1)).toThrow('Maximum sending rate exceeded.');
  pass(1_000);
  quota.take(1, 1);
});

test('a rate of 0 takes nothing', () => {
  const { quota, pass } = quotaAt();
  quota.set({ maxSendRate: 0, max24HourSend: -1 });
  pass(10_000);
  expect(() => quota.take(1, 1)).toThrow('Maximum sending rate exceeded.');
});

test('the daily quota is a moving window, and a refused call uses none of it', () => {
  const { quota, pass } = quotaAt();
  quota.set({ maxSendRate: 100, max24HourSend: 3 });
  quota.take(2, 2);
  expect(() => quota.take(2, 2)).toThrow('Daily message quota exceeded.');
  quota.take(1, 1);
  quota.take(1, 0);
  expect(quota.sentLast24Hours()).toBe(3);
  pass(24 * 60 * 60_000 + 60_000);
  expect(quota.sentLast24Hours()).toBe(0);
  quota.take(3, 3);
});
