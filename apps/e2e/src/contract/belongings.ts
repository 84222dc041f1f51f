import { waitFor } from '@postern/testing';
import { createTransport } from 'nodemailer';
import { Client, type Json, type Reply } from '../harness/client.js';
import { unique, type Postern } from '../harness/postern.js';
import { EICAR } from '../harness/bait.js';

/** One of everything that a tenant can have, real and reachable by its admin key. */
export interface Belongings {
  organization: Json;
  inbox: Json;
  /** Holds every message for a person. */
  lockedInbox: Json;
  /** May be paused: nothing else needs it. */
  pausableInbox: Json;
  message: Json;
  /** For tomorrow. */
  scheduledMessage: Json;
  /** Not in `inbox`: its webhook would go on calling. */
  withheldMessage: Json;
  draft: Json;
  /** Complete. */
  draftToSend: Json;
  /** Alone in its thread and inbox, which may be deleted. */
  doomedMessage: Json;
  approval: Json;
  otherApproval: Json;
  listedApproval: Json;
  /** Tells of `inbox` only. */
  webhook: Json;
  delivery: Json;
  /** Uploaded by the admin key. */
  attachment: Json;
  /** Of `inbox`. */
  listEntry: Json;
  /** Of `inbox`; speaks against nothing that is sent here. */
  policy: Json;
  suppression: Json;
  domain: Json;
  apiKey: Json;
}

/** An organization with its keys. */
export interface Tenant {
  organization: Json;
  /** Scope `*`, live. */
  admin: Client;
  /** Another key with a scope and inboxes of choice; everything in live mode by default. */
  key(body?: object): Promise<Client>;
}

/** A fresh organization. */
export async function tenantOf(postern: Postern): Promise<Tenant> {
  const made = expectStatus(201, await postern.root.post('/v1/organizations', { name: unique('Tenant') }));
  const client = (secret: Json | undefined): Client => new Client(postern.local.gateway_url, String(secret));
  const admin = client(made['api_key']?.['secret']);
  return {
    organization: made['organization'] as Json,
    admin,
    key: async (body = {}) => {
      const wanted = { name: unique('key'), mode: 'live', scopes: ['*'], ...body };
      return client(expectStatus(201, await admin.post('/v1/api_keys', wanted))['secret']);
    },
  };
}

/** Messages that wait for a person. */
const APPROVALS = 3;

/** Makes one of everything. What needs time to come to rest has come to rest. */
export async function belongingsOf(postern: Postern, { organization, admin, key }: Tenant): Promise<Belongings> {
  const agent = await key({ scopes: ['messages:send'] });
  const [inbox, lockedInbox, pausableInbox] = await Promise.all([
    postern.inbox(admin),
    postern.inbox(admin, { security_level: 'full_lockdown' }),
    postern.inbox(admin),
  ]);
  const sent = await postern.send(inbox, {}, agent);
  for (let held = 0; held < APPROVALS; held += 1) await postern.send(lockedInbox, {}, agent);
  const doomed = await postern.send(await postern.inbox(admin), {}, agent);
  const message = await postern.settled(sent, ['delivered'], admin);
  const doomedMessage = await postern.settled(doomed, ['delivered'], admin);
  const [approval, otherApproval, listedApproval] = await waitFor(async (): Promise<Json[] | null> => {
    const held = rowsOf(await admin.get('/v1/approvals?status=pending'));
    return held.length === APPROVALS ? held : null;
  }, 'the messages to be held');
  // Nobody listens on the discard port (RFC 863): the call ends at once.
  const hook = { url: 'http://127.0.0.1:9/', inbox_ids: [inbox['id']] };
  const webhook = expectStatus(201, await admin.post('/v1/webhooks', hook));
  const ordered = expectStatus(202, await admin.post(`/v1/webhooks/${webhook['id']}/test`));
  const delivery = await waitFor(async (): Promise<Json | undefined> => {
    const calls = rowsOf(await admin.get(`/v1/webhooks/${webhook['id']}/deliveries`));
    return calls.find((call) => call['id'] === ordered['id'] && String(call['status']) !== 'pending');
  }, 'the test call to end');
  const draftIn = async ({ id }: Json): Promise<Json> => {
    const body = { to: 'success@simulator.amazonses.com', subject: 'Draft', text: 'Draft' };
    return expectStatus(201, await admin.post(`/v1/inboxes/${id}/drafts`, body));
  };
  const listed = { kind: 'block', direction: 'send', pattern: `${unique('listed')}.example` };
  const withheldIn = async ({ id, address }: Json): Promise<Json> => {
    const { host, port } = postern.local.smtp;
    const smtp = createTransport({ host, port, secure: false, ignoreTLS: true });
    await smtp.sendMail({ from: 'mallory@example.com', to: String(address), subject: 'Tool', text: EICAR });
    return waitFor(
      async () => rowsOf(await admin.get(`/v1/inboxes/${id}/messages?security_status=withheld`))[0],
      'mail to be withheld',
    );
  };
  const suppressed = { address: `${unique('gone')}@example.com` };
  return {
    organization,
    inbox,
    lockedInbox,
    pausableInbox,
    message,
    scheduledMessage: await postern.send(pausableInbox, { send_at: tomorrow() }, agent),
    withheldMessage: await withheldIn(pausableInbox),
    draft: await draftIn(inbox),
    draftToSend: await draftIn(inbox),
    doomedMessage,
    approval: approval as Json,
    otherApproval: otherApproval as Json,
    listedApproval: listedApproval as Json,
    webhook,
    delivery,
    attachment: expectStatus(201, await admin.post('/v1/attachments?filename=own.json', { owned: true })),
    domain: expectStatus(201, await admin.post('/v1/domains', { name: `${unique('own')}.example` })),
    listEntry: expectStatus(201, await admin.post('/v1/lists', { inbox_id: inbox['id'], ...listed })),
    policy: expectStatus(201, await admin.post('/v1/policies', harmlessPolicyOf(inbox))),
    suppression: expectStatus(201, await admin.post('/v1/suppressions', suppressed)),
    apiKey: expectStatus(
      201,
      await admin.post('/v1/api_keys', {
        name: 'narrow',
        mode: 'live',
        scopes: ['inboxes:read'],
        inbox_ids: [inbox['id']],
      }),
    ),
  };
}

const harmlessPolicyOf = ({ id }: Json): object => ({
  inbox_id: id,
  type: 'domain_blocklist',
  config: { domains: ['blocked.example'] },
  action: 'tag',
});

const DAY_MS = 24 * 3600 * 1000;
const tomorrow = (): string => new Date(Date.now() + DAY_MS).toISOString();

/** The rows of a list. */
export const rowsOf = ({ body }: Reply): Json[] => body['data'] as unknown as Json[];

/** @throws Error with the reply when it is another status. */
export function expectStatus(status: number, { status: seen, body }: Reply): Json {
  if (seen === status) return body;
  throw new Error(`expected ${status}, got ${seen}: ${JSON.stringify(body)}`);
}
