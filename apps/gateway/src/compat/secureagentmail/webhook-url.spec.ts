import { expect, it } from '@jest/globals';
import type { RouteDefinition } from '@postern/contracts';
import type { V1 } from '../v1.js';
import { setWebhookUrl } from './webhook-url.js';

const URL = 'https://example.com/hook';
const own = (id: string) => ({ id, format: 'secureagentmail', inbox_ids: ['inb_1'] });
/** None of them is the webhook of inbox 1 in this system's format. */
const OTHERS = [
  { ...own('whk_standard'), format: 'standard' },
  { ...own('whk_all'), inbox_ids: [] },
  { ...own('whk_two'), inbox_ids: ['inb_1', 'inb_2'] },
  { ...own('whk_other'), inbox_ids: ['inb_2'] },
];

interface Input {
  params?: { id: string };
  body?: object;
}

/** @returns what was shown, and which calls changed something. */
async function set(url: string | null, webhooks: object[]): Promise<{ shown: object; calls: unknown[] }> {
  const calls: unknown[] = [];
  const ask = async ({ id, method }: RouteDefinition, { params, body }: Input) => {
    if (method === 'GET') return { data: [...OTHERS, ...webhooks], has_more: false, next_cursor: null };
    calls.push([id, ...(params === undefined ? [body] : [params.id])]);
    return { url, secret: id === 'create_webhook' ? 'whsec_1' : null };
  };
  const shown = await setWebhookUrl({ ask } as unknown as V1, 'inb_1', url);
  return { shown, calls };
}

it('makes the webhook of an inbox that has none, and shows its secret', async () => {
  const { shown, calls } = await set(URL, []);
  expect(shown).toEqual({ webhook_url: URL, webhook_secret: 'whsec_1' });
  const events = ['message.received', 'message.released'];
  expect(calls).toEqual([['create_webhook', { url: URL, format: 'secureagentmail', inbox_ids: ['inb_1'], events }]]);
});

it('moves the one that is there, which keeps its secret', async () => {
  const { shown, calls } = await set(URL, [own('whk_1')]);
  expect([shown, calls]).toEqual([{ webhook_url: URL }, [['update_webhook', 'whk_1']]]);
});

it('leaves one of several', async () => {
  const { calls } = await set(URL, [own('whk_1'), own('whk_2'), own('whk_3')]);
  expect(calls).toEqual([
    ['delete_webhook', 'whk_2'],
    ['delete_webhook', 'whk_3'],
    ['update_webhook', 'whk_1'],
  ]);
});

it.each([[0], [2]])('takes away all %d', async (count) => {
  const ids = Array.from({ length: count }, (_, index) => `whk_${index}`);
  const { shown, calls } = await set(null, ids.map(own));
  expect([shown, calls]).toEqual([{ webhook_url: null }, ids.map((id) => ['delete_webhook', id])]);
});
