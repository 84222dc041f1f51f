import { CreateWebhookRoute, DeleteWebhookRoute, ListWebhooksRoute, UpdateWebhookRoute } from '@postern/contracts';
import { everyEntry } from '../every-entry.js';
import { type FieldNames, inFieldsOf } from '../field-names.js';
import type { V1 } from '../v1.js';

const FORMAT = 'secureagentmail' as const;
const FIELDS: FieldNames = [[/^url$/, 'webhook_url']];
/** In this format the release of a withheld message is told as its receipt. */
const EVENTS = ['message.received', 'message.released'] as const;

/**
 * Here an inbox has one webhook, which is a setting of it: the endpoint of `/v1` in this system's format for it alone.
 * @param url  null takes it away.
 * @returns what the reply shows of it: the secret only when the endpoint is new.
 * @throws Problem a refusal, of the URL for instance.
 */
export async function setWebhookUrl(v1: V1, inboxId: string, url: string | null): Promise<object> {
  const { entries } = await everyEntry(v1, ListWebhooksRoute);
  const ids = entries
    .filter(({ format, inbox_ids }) => format === FORMAT && inbox_ids.length === 1 && inbox_ids[0] === inboxId)
    .map(({ id }) => id);
  const [kept, ...surplus] = ids;
  // Two requests at the same time may have made two.
  for (const id of url === null ? ids : surplus) await v1.ask(DeleteWebhookRoute, { params: { id } });
  if (url === null) return { webhook_url: null };
  if (kept !== undefined) {
    const moving = v1.ask(UpdateWebhookRoute, { params: { id: kept }, body: { url, status: 'enabled' } });
    const moved = await inFieldsOf(FIELDS, moving);
    return { webhook_url: moved.url };
  }
  const body = { url, format: FORMAT, events: [...EVENTS], inbox_ids: [inboxId] };
  const made = await inFieldsOf(FIELDS, v1.ask(CreateWebhookRoute, { body }));
  return { webhook_url: made.url, webhook_secret: made.secret };
}
