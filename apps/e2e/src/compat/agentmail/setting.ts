import { waitFor } from '@postern/testing';
import { type AgentMail, AgentMailClient } from 'agentmail';
import { tenantOf } from '../../contract/belongings.js';
import { Client, type Json } from '../../harness/client.js';
import { Outside } from '../../harness/outside.js';
import { unique } from '../../harness/postern.js';
import { sharedPostern } from '../../harness/shared-stack.js';
import { EICAR } from '../../harness/bait.js';

export const TO = 'success@simulator.amazonses.com';

/** What the rows look at; each changes only what it made itself. */
export interface Setting {
  /** The official client, unmodified, with the key of an organization of its own. */
  am: AgentMailClient;
  /** The same organization, without the client between. */
  wire: Client;
  /** The same organization under `/v1`. */
  v1: Client;
  /** With the key of another organization. */
  stranger: AgentMailClient;
  /** With the key of an organization that may ask once a minute. */
  limited: AgentMailClient;
  /** With another key. */
  with(apiKey: string): AgentMailClient;
  /** Waits until a message of the inbox is delivered. */
  settled(messageId: string): Promise<unknown>;
  inbox: AgentMail.inboxes.Inbox;
  /** An answer from outside with history, and a file. */
  received: string;
  /** What it was answered with. */
  answered: AgentMail.SendMessageResponse;
  /** Held back by the guard, in the same inbox. */
  withheld: string;
  /** Delivered, labelled `kept`, with a file shown inside and one beside. */
  delivered: AgentMail.SendMessageResponse;
}

const postern = sharedPostern();
const FRONT = `${postern.local.gateway_url}/compat/agentmail`;

/** The client as its README makes it, with another base URL. It does not repeat what fails, so that a failure is seen. */
const clientWith = (apiKey: string): AgentMailClient => new AgentMailClient({ apiKey, baseUrl: FRONT, maxRetries: 0 });

/** A key of an organization with everything in its scopes. */
async function keyOf(v1: Client): Promise<string> {
  const made = await v1.post('/v1/api_keys', { name: unique('key'), mode: 'live', scopes: ['*'] });
  return String(made.body['secret']);
}

export async function makeSetting(): Promise<Setting> {
  const [own, other] = await Promise.all([tenantOf(postern), tenantOf(postern)]);
  const [key, strangersKey] = await Promise.all([keyOf(own.admin), keyOf(other.admin)]);
  const slow = await postern.root.post('/v1/organizations', {
    name: unique('slow'),
    limits: { requests_per_minute: 1 },
  });
  const am = clientWith(key);
  const inbox = await am.inboxes.create({ username: unique('agent'), displayName: 'Agent' });
  const outside = new Outside(postern);
  const address = { address: inbox.email, id: inbox.email } as unknown as Json;
  const [received, withheld, delivered] = await Promise.all([
    outside.writes(
      address,
      {
        from: 'Ann <ann@example.com>',
        subject: 'Re: Quarterly numbers',
        text: 'They rose & fell.\n\nOn Mon, 2 Nov 2026 at 10:00, Agent <agent@example.org> wrote:\n> How are they?\n',
        html: '<p>They rose &amp; fell.</p>',
        attachments: [{ filename: 'numbers.csv', content: 'a,b', contentType: 'text/csv' }],
      },
      own.admin,
    ),
    withheldMail(outside, address, own.admin),
    am.inboxes.messages.send(inbox.inboxId, {
      to: ['success@simulator.amazonses.com'],
      subject: 'Weekly report',
      text: 'All is well.',
      html: '<p>All is <b>well</b>. <img src="cid:logo"></p>',
      labels: ['kept'],
      attachments: [
        { filename: 'report.txt', content: Buffer.from('well').toString('base64'), contentType: 'text/plain' },
        { filename: 'logo.png', content: 'iVBORw0KGgo=', contentType: 'image/png', contentId: 'logo' },
      ],
    }),
  ]);
  const answered = await am.inboxes.messages.reply(inbox.inboxId, String(received['id']), { text: 'Thank you.' });
  const settled = (id: string) =>
    waitFor(
      async () => (await am.inboxes.messages.get(inbox.inboxId, id)).labels.includes('delivered'),
      `${id} to be delivered`,
    );
  await settled(delivered.messageId);
  return {
    am,
    wire: new Client(`${FRONT}/v0`, key),
    v1: own.admin,
    stranger: clientWith(strangersKey),
    limited: clientWith(String(slow.body['api_key']?.['secret'])),
    with: clientWith,
    settled,
    inbox,
    received: String(received['id']),
    answered,
    withheld: String(withheld['id']),
    delivered,
  };
}

const withheldMail = (outside: Outside, address: Json, v1: Client): Promise<Json> =>
  outside.writes(
    address,
    { from: 'mallory@example.com', subject: 'Open me', attachments: [{ filename: 'a.com', content: EICAR }] },
    v1,
  );
