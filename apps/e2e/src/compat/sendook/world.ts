import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { createTransport } from 'nodemailer';
import { rowsOf, type Tenant, tenantOf } from '../../contract/belongings.js';
import { Client, type Json, type Reply } from '../../harness/client.js';
import { Outside } from '../../harness/outside.js';
import { type Postern, unique } from '../../harness/postern.js';
import { WebhookReceiver } from '../../harness/webhook-receiver.js';
import { EICAR, LEAK } from '../../harness/bait.js';

export const BASE = '/compat/sendook';
const EVENTS = [
  'inbox.created',
  'inbox.deleted',
  'inbox.updated',
  'message.sent',
  'message.received',
  'message.delivered',
  'message.bounced',
  'message.complained',
  'message.rejected',
];

export const simulator = (word: string): string => `${word}+${unique('to')}@simulator.amazonses.com`;
export const letter = (more: object = {}): object => ({
  to: [simulator('success')],
  subject: 'Welcome',
  text: 'Plain text version of the email.',
  html: '<p>HTML version of the email.</p>',
  ...more,
});
/** Status and text of a refusal, which both its documents and its code have somewhere. */
export const refused = ({ status, body }: Reply): [number, string] => {
  expect(body['error']).toBe(body['message']);
  return [status, String(body['error'])];
};
/** A reply without a field. */
export const without = (body: Json, field: string): object =>
  Object.fromEntries(Object.entries(body).filter(([name]) => name !== field));
export const idsOf = (list: Json): string[] => [...list].map(({ id }) => String(id));

/** The front, as a client of Sendook sees it, and what the rows of the page look at. */
export interface World {
  postern: Postern;
  tenant: Tenant;
  outside: Outside;
  /** May do everything. */
  client: Client;
  /** Of another organization. */
  stranger: Client;
  /** Of an organization with limits of its own. */
  limited(limits: object): Promise<Client>;
  inbox: Json;
  /** The reply to a send that has everything. */
  sent: Json;
  /** Whom it went to. */
  recipients: { to: string; cc: string; bcc: string };
  bounced: Json;
  complained: Json;
  rejected: Json;
  held: Json;
  /** Received by `inbox`, with an attachment. */
  received: Json;
  /** Received by `inbox`, and withheld. */
  withheld: Json;
  hook: WebhookReceiver;
  /** The reply to its registration, for all events. */
  hooked: Json;
  /** A call of an event about a message or an inbox. */
  told(event: string, id: Json | undefined): Promise<{ headers: Record<string, string>; raw: string; event: Json }>;
  /** Waits until a message has a status. */
  settled(message: Json, status: string): Promise<Json>;
}

export async function worldOf(postern: Postern): Promise<World> {
  const frontOf = (secret: Json | undefined): Client =>
    new Client(`${postern.local.gateway_url}${BASE}`, String(secret));
  const limited: World['limited'] = async (limits) => {
    const made = await postern.root.post('/v1/organizations', { name: unique('Limited'), limits });
    return frontOf(made.body['api_key']?.['secret']);
  };
  const tenant = await tenantOf(postern);
  const key = await tenant.admin.post('/v1/api_keys', { name: 'sendook', mode: 'live', scopes: ['*'] });
  const client = frontOf(key.body['secret']);
  const outside = new Outside(postern);
  const [hook, stranger] = await Promise.all([WebhookReceiver.start(), limited({})]);
  const hooked = (await client.post('/v1/webhooks', { url: hook.url, events: EVENTS })).body;
  const inbox = (await client.post('/v1/inboxes', { name: 'Customer Success Bot' })).body;
  const strict = (await tenant.admin.post('/v1/inboxes', { slug: unique('strict'), on_flagged: 'reject' })).body;
  const send = async (from: Json, more: object): Promise<Json> =>
    (await client.post(`/v1/inboxes/${from['id']}/messages/send`, letter(more))).body;
  const recipients = { to: simulator('success'), cc: simulator('success'), bcc: simulator('success') };
  const [sent, bounced, complained, rejected, held, received, withheld] = await Promise.all([
    send(inbox, {
      to: [recipients.to],
      cc: [recipients.cc],
      bcc: [recipients.bcc],
      labels: ['outbound', 'welcome'],
      attachments: [
        { content: Buffer.from('paid').toString('base64'), name: 'invoice.txt', contentType: 'text/plain' },
      ],
    }),
    send(inbox, { to: [simulator('bounce')] }),
    send(inbox, { to: [simulator('complaint')] }),
    send(strict, { text: LEAK, html: `<p>${LEAK}</p>` }),
    send(inbox, { text: LEAK, html: `<p>${LEAK}</p>` }),
    outside.writes(
      { id: inbox['id'], address: inbox['email'] } as unknown as Json,
      {
        from: 'Ann <ann@example.com>',
        subject: unique('Pricing'),
        text: 'Can you share your enterprise plan?',
        attachments: [{ filename: 'terms.txt', content: 'thirty days' }],
      },
      tenant.admin,
    ),
    malwareIn(inbox, postern, tenant.admin),
  ]);
  return {
    postern,
    tenant,
    outside,
    client,
    stranger,
    limited,
    inbox,
    sent,
    recipients,
    bounced,
    complained,
    rejected,
    held,
    received,
    withheld,
    hook,
    hooked,
    told: (event, id) =>
      waitFor(
        async () =>
          hook.received.find(
            (call) =>
              call.event['event'] === event && [call.event['messageId'], call.event['inboxId']].includes(id as Json),
          ),
        `${event} of ${id}`,
      ),
    settled: (message, status) =>
      waitFor(async () => {
        const { body } = await client.get(`/v1/inboxes/${message['inboxId']}/messages/${message['id']}`);
        return body['status'] === status && body;
      }, `${message['id']} to be ${status}`),
  };
}

/** Mail that nobody but a reviewer sees the subject of, so it is waited for by its verdict. */
async function malwareIn(inbox: Json, postern: Postern, admin: Client): Promise<Json> {
  const { host, port } = postern.local.smtp;
  const smtp = createTransport({ host, port, secure: false, ignoreTLS: true });
  await smtp.sendMail({ from: 'mallory@example.com', to: String(inbox['email']), subject: 'Tool', text: EICAR });
  const path = `/v1/inboxes/${inbox['id']}/messages?security_status=withheld`;
  return waitFor(async () => rowsOf(await admin.get(path))[0], 'mail to be withheld');
}
