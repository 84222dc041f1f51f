import { describe, expect, it } from '@jest/globals';
import type { Json, Reply } from './harness/client.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const { agent } = postern;

const labelsOf = ({ body }: Reply): string[] => [...body['labels']].map(String);
const many = (count: number, word = 'label'): string[] =>
  Array.from({ length: count }, (_, index) => `${word}-${index}`);

describe('labels and metadata of a message', () => {
  const made = async (body: object = {}): Promise<Json> => postern.send(await postern.inbox(), body);

  it('are changed, and found by', async () => {
    const message = await made({ labels: ['one', 'two', 'one'], metadata: { a: '1', b: '2' } });
    expect(message['labels']).toEqual(['one', 'two']);
    const path = `/v1/messages/${message['id']}`;
    const changed = await agent.patch(path, {
      add_labels: ['three', 'one'],
      remove_labels: ['two'],
      metadata: { c: '3' },
    });
    expect(changed.body).toMatchObject({ id: message['id'], labels: ['one', 'three'], metadata: { c: '3' } });
    expect(changed.body['updated_at'] >= message['updated_at']).toBe(true);
    expect((await agent.get(path)).body).toMatchObject({ labels: ['one', 'three'], metadata: { c: '3' } });
    const list = async (label: string): Promise<unknown[]> => [
      ...(await agent.get(`/v1/inboxes/${message['inbox_id']}/messages?label=${label}`)).body['data'],
    ];
    expect(await list('three')).toHaveLength(1);
    expect(await list('two')).toHaveLength(0);
  });

  it('stay as they are when they are not named, and metadata ends with null', async () => {
    const message = await made({ labels: ['kept'], metadata: { a: '1' } });
    const path = `/v1/messages/${message['id']}`;
    expect((await agent.patch(path, {})).body).toMatchObject({ labels: ['kept'], metadata: { a: '1' } });
    expect((await agent.patch(path, { add_labels: ['x'] })).body).toMatchObject({ metadata: { a: '1' } });
    expect((await agent.patch(path, { metadata: null })).body).toMatchObject({ labels: ['kept', 'x'], metadata: {} });
  });

  it('that are added at the same time are all kept', async () => {
    const message = await made();
    const path = `/v1/messages/${message['id']}`;
    const replies = await Promise.all(many(20).map((label) => agent.patch(path, { add_labels: [label] })));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(labelsOf(await agent.get(path)).toSorted()).toEqual(many(20).toSorted());
  });

  it.each([
    ['too many labels', { add_labels: many(51) }],
    ['an empty label', { add_labels: [''] }],
    ['a long label', { add_labels: ['x'.repeat(101)] }],
    ['a label in both lists', { add_labels: ['x'], remove_labels: ['x'] }],
    ['metadata that is no text', { metadata: { a: 1 } }],
    ['an unknown field', { subject: 'x' }],
  ])('are refused: %s', async (_name, body) => {
    const message = await made({ labels: ['kept'] });
    const reply = await agent.patch(`/v1/messages/${message['id']}`, body);
    expect([reply.status, reply.body['error']['code']]).toEqual([422, 'validation_error']);
    expect(labelsOf(await agent.get(`/v1/messages/${message['id']}`))).toEqual(['kept']);
  });

  it('are never more than fifty, and then nothing is changed', async () => {
    const message = await made({ labels: many(50) });
    const path = `/v1/messages/${message['id']}`;
    const reply = await agent.patch(path, { add_labels: ['one too many'], metadata: { a: '1' } });
    expect([reply.status, [...reply.body['error']['details']['issues']][0]?.['path']]).toEqual([422, 'add_labels']);
    expect((await agent.get(path)).body).toMatchObject({ labels: many(50), metadata: {} });
    const swapped = await agent.patch(path, { add_labels: ['instead'], remove_labels: ['label-0'] });
    expect(labelsOf(swapped)).toHaveLength(50);
  });
});

describe('labels of a thread', () => {
  it('are its own', async () => {
    const message = await postern.send(await postern.inbox(), { labels: ['of-message'] });
    const path = `/v1/threads/${message['thread_id']}`;
    const changed = await agent.patch(path, { add_labels: ['x', 'y'] });
    expect([changed.status, labelsOf(changed)]).toEqual([200, ['x', 'y']]);
    expect(labelsOf(await agent.patch(path, { add_labels: ['z'], remove_labels: ['x'] }))).toEqual(['y', 'z']);
    expect((await agent.get(path)).body).toMatchObject({
      id: message['thread_id'],
      labels: ['y', 'z'],
      message_count: 1,
    });
    const threads = await agent.get(`/v1/inboxes/${message['inbox_id']}/threads`);
    expect([...threads.body['data']][0]).toMatchObject({ labels: ['y', 'z'] });
    expect(labelsOf(await agent.get(`/v1/messages/${message['id']}`))).toEqual(['of-message']);
  });

  it('that are added at the same time are all kept, and never more than fifty', async () => {
    const message = await postern.send(await postern.inbox());
    const path = `/v1/threads/${message['thread_id']}`;
    await Promise.all(many(20).map((label) => agent.patch(path, { add_labels: [label] })));
    expect(labelsOf(await agent.get(path)).toSorted()).toEqual(many(20).toSorted());
    expect((await agent.patch(path, { add_labels: many(31, 'more') })).status).toBe(422);
    expect((await agent.patch(path, { add_labels: ['x'], remove_labels: ['x'] })).status).toBe(422);
    expect(labelsOf(await agent.get(path))).toHaveLength(20);
  });

  it('need the scope messages:write', async () => {
    const message = await postern.send(await postern.inbox());
    for (const path of [`/v1/threads/${message['thread_id']}`, `/v1/messages/${message['id']}`]) {
      expect((await postern.reviewer.patch(path, { add_labels: ['x'] })).status).toBe(403);
    }
  });
});
