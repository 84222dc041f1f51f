import { expect, test } from '@jest/globals';
import { createMailbox } from './mailbox.js';

const message = (messageId: string, size = 10) => ({
  messageId,
  source: 'a@postern.test',
  destinations: [`${messageId}@example.com`],
  tags: {},
  configurationSet: null,
  raw: Buffer.alloc(size, 'x'),
  at: new Date(0),
});

test('the oldest go when there are too many, and cursors stay true', () => {
  const mailbox = createMailbox({ maxMessages: 3, maxBytes: 1_000 });
  for (const id of ['a', 'b', 'c', 'd', 'e']) mailbox.add(message(id));
  expect(mailbox.count({})).toBe(3);
  expect(mailbox.find('b')).toBeUndefined();
  const first = mailbox.page({}, 0, 2);
  expect(first.messages.map(({ messageId }) => messageId)).toEqual(['c', 'd']);
  expect(first.hasMore).toBe(true);
  expect(mailbox.page({}, 4, 2).messages.map(({ messageId }) => messageId)).toEqual(['e']);
  expect(mailbox.newest({}, 2).map(({ messageId }) => messageId)).toEqual(['e', 'd']);
});

test('the oldest go when they are too large, but never the newest', () => {
  const mailbox = createMailbox({ maxMessages: 10, maxBytes: 100 });
  mailbox.add(message('a', 60));
  mailbox.add(message('b', 60));
  expect(mailbox.count({})).toBe(1);
  mailbox.add(message('c', 500));
  expect(mailbox.newest({}, 9).map(({ messageId }) => messageId)).toEqual(['c']);
});

test('sequence numbers go on after the mailbox was emptied', () => {
  const mailbox = createMailbox();
  mailbox.add(message('a'));
  mailbox.clear();
  expect(mailbox.add(message('b')).sequence).toBe(2);
  expect(mailbox.page({}, 1, 10).messages).toHaveLength(1);
  expect(mailbox.count({ to: 'B@EXAMPLE.com' })).toBe(1);
});
