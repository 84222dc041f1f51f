import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';
import { found, inInbox } from './found.js';

const absent = () => Promise.reject(new Problem(404, 'not_found', 'There is none.'));
const forbidden = () => Promise.reject(new Problem(403, 'forbidden', 'Use another key.'));

/** Knows the inbox `inb_1`, which is also called `sales`. */
function v1() {
  const asked: string[] = [];
  const ask = (_route: unknown, { params: { inbox } }: { params: { inbox: string } }) => {
    asked.push(inbox);
    return ['inb_1', 'sales'].includes(inbox) ? Promise.resolve({ id: 'inb_1' }) : absent();
  };
  return { v1: { ask } as unknown as V1, asked };
}
const inboxed = (inbox_id: string) => Promise.resolve({ inbox_id });

describe('what is found', () => {
  it('is given, and what is not is named', async () => {
    expect(await found('Inbox', Promise.resolve({ id: 1 }))).toEqual({ id: 1 });
    await expect(found('Inbox', absent())).rejects.toMatchObject({ status: 404, message: 'Inbox not found' });
    await expect(found('Inbox', forbidden())).rejects.toMatchObject({ status: 403 });
  });

  it('in an inbox is given without asking for the inbox, if that is named by its id', async () => {
    const { v1: api, asked } = v1();
    expect(await inInbox(api, 'inb_1', 'Message', inboxed('inb_1'))).toEqual({ inbox_id: 'inb_1' });
    expect(asked).toEqual([]);
    expect(await inInbox(api, 'sales', 'Message', inboxed('inb_1'))).toEqual({ inbox_id: 'inb_1' });
  });

  it.each([
    ['another inbox', 'inb_1', inboxed('inb_2'), 'Message not found'],
    ['no inbox that is known', 'inb_9', inboxed('inb_2'), 'Inbox not found'],
  ])('is not in %s', async (_, inboxId, asked, message) => {
    await expect(inInbox(v1().v1, inboxId, 'Message', asked)).rejects.toMatchObject({ status: 404, message });
  });

  it('is named after the inbox first, where both are absent', async () => {
    await expect(inInbox(v1().v1, 'inb_9', 'Thread', absent())).rejects.toMatchObject({ message: 'Inbox not found' });
    await expect(inInbox(v1().v1, 'inb_1', 'Thread', absent())).rejects.toMatchObject({ message: 'Thread not found' });
    await expect(inInbox(v1().v1, 'inb_9', 'Thread', forbidden())).rejects.toMatchObject({ status: 403 });
  });
});
