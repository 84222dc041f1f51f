import { waitFor } from '@postern/testing';
import { createTransport } from 'nodemailer';
import { expectStatus, rowsOf } from '../../contract/belongings.js';
import { Client, type Json, type Reply } from '../../harness/client.js';
import { Outside } from '../../harness/outside.js';
import { unique } from '../../harness/postern.js';
import { sharedPostern } from '../../harness/shared-stack.js';
import { WebhookReceiver } from '../../harness/webhook-receiver.js';
import { EICAR } from '../../harness/bait.js';

/** A credential, which the scan keeps from leaving. */
export const LEAK = 'key AKIAQ3EGRIVEHC5NM2ZB';

export const postern = sharedPostern();
export const outside = new Outside(postern);

/** The same key at both doors. */
export interface Doors {
  v1: Client;
  sentvia: Client;
}

export interface Setting extends Doors {
  /** Sees nothing of the others. */
  stranger: Doors;
  /** Of the same organization; reads, but no withheld mail. */
  reader: Client;
  inbox: Json;
  /** Holds every message for a person. */
  lockedInbox: Json;
  /** In `inbox`, from outside, with a copy to somebody and a file. */
  mail: Json;
  /** In `lockedInbox`. */
  withheld: Json;
  /** An address to which a message bounced. */
  bounced: string;
  /** Fails once. Hears of what `inbox` and `lockedInbox` receive, and of deliveries. */
  receiver: WebhookReceiver;
  hook: Json;
}

let setting: Setting | undefined;

/** What {@link prepare} made. */
export function here(): Setting {
  if (setting === undefined) throw new Error('nothing is prepared');
  return setting;
}

export const someone = (): string => `success+${unique('who')}@simulator.amazonses.com`;
export const errorOf = ({ status, body }: Reply): unknown[] => [status, body['error']];
export const idsOf = (list: Json | undefined): string[] => [...(list ?? [])].map(({ id }) => String(id));

/** Both doors with a key. */
export const doorsOf = (secret: Json | undefined): Doors => ({
  v1: new Client(postern.local.gateway_url, String(secret)),
  sentvia: new Client(`${postern.local.gateway_url}/compat/sentvia/v1`, String(secret)),
});

/** A fresh organization. */
export async function organization(limits: object = {}): Promise<Doors> {
  const made = await postern.root.post('/v1/organizations', { name: unique('Sentvia'), limits });
  return doorsOf(expectStatus(201, made)['api_key']?.['secret']);
}

/** Both doors with a narrower key of the organization. */
export async function narrower(body: object): Promise<Doors> {
  const made = await here().v1.post('/v1/api_keys', { name: unique('key'), mode: 'live', scopes: ['*'], ...body });
  return doorsOf(expectStatus(201, made)['secret']);
}

/** Sends from `inbox` as Sentvia's clients do. */
export const send = (body: object = {}, { sentvia } = here()): Promise<Reply> =>
  sentvia.post('/messages', { inbox_id: here().inbox['id'], to: [someone()], subject: 'Hello', text: 'Hi', ...body });

/** Waits until a message was delivered. @returns it as Sentvia's clients see it. */
export const delivered = ({ id }: Json): Promise<Json> =>
  waitFor(async () => {
    const { body } = await here().sentvia.get(`/messages/${id}`);
    return String(body['delivery_status']) === 'delivered' ? body : null;
  }, `${id} to be delivered`);

async function withheldMail({ v1 }: Doors, { id, address }: Json): Promise<Json> {
  const { host, port } = postern.local.smtp;
  const smtp = createTransport({ host, port, secure: false, ignoreTLS: true });
  const attachments = [{ filename: 'tool.txt', content: 'a tool' }];
  await smtp.sendMail({ from: 'mallory@example.com', to: String(address), subject: 'Tool', text: EICAR, attachments });
  return waitFor(
    async () => rowsOf(await v1.get(`/v1/inboxes/${id}/messages?security_status=withheld`))[0],
    'mail to be withheld',
  );
}

/** @returns an address to which nothing is sent any more, because a message bounced. */
async function bouncedAddress({ v1 }: Doors, inbox: Json): Promise<string> {
  const address = `bounce+${unique('gone')}@simulator.amazonses.com`;
  await postern.send(inbox, { to: address }, v1);
  const again = { to: address, subject: 'Again', text: 'Again' };
  await waitFor(
    async () => (await v1.post(`/v1/inboxes/${inbox['id']}/messages`, again)).status === 422,
    `${address} to be suppressed`,
  );
  return address;
}

/** Makes what the rows look at. What needs time has had it. */
export async function prepare(): Promise<void> {
  const [own, stranger] = await Promise.all([organization(), organization()]);
  const { v1, sentvia } = own;
  const made = await sentvia.post('/inboxes', { local_part: unique('agent'), display_name: 'Support' });
  const inbox = expectStatus(201, made);
  const lockedInbox = await postern.inbox(v1, { security_level: 'full_lockdown' });
  const receiver = await WebhookReceiver.start((call) => (call === 1 ? 500 : 200));
  const events = ['message.received', 'message.delivered'];
  const hook = expectStatus(201, await sentvia.post('/webhooks', { url: receiver.url, events }));
  const letter = {
    from: `Jane <${someone()}>`,
    cc: someone(),
    subject: unique('Order'),
    text: 'Where is my zebra?',
    attachments: [{ filename: 'receipt.txt', content: 'paid' }],
  };
  const [mail, withheld, bounced] = await Promise.all([
    outside.writes(inbox, letter, v1),
    withheldMail(own, lockedInbox),
    bouncedAddress(own, inbox),
  ]);
  setting = { ...own, stranger, reader: sentvia, inbox, lockedInbox, mail, withheld, bounced, receiver, hook };
  setting.reader = (await narrower({ scopes: ['messages:read'] })).sentvia;
}
