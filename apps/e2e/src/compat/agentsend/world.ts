import { waitFor } from '@postern/testing';
import { expectStatus } from '../../contract/belongings.js';
import { EICAR } from '../../harness/bait.js';
import { Client, type Json, type Reply } from '../../harness/client.js';
import { Files } from '../../harness/files.js';
import { Outside } from '../../harness/outside.js';
import { type Postern, unique } from '../../harness/postern.js';
import { WebhookReceiver } from '../../harness/webhook-receiver.js';

/** Calls as AgentSend's own client does: the type of JSON on every call, also where there is no body. */
export class AgentSend {
  /** The same key at the front door. */
  readonly v1: Client;
  private readonly files: Files;

  constructor(
    private readonly url: string,
    key: string | null,
  ) {
    this.v1 = new Client(url, key);
    this.files = new Files(url, key);
  }

  /** The first key of a new organization. */
  static async fresh({ root, local }: Postern, limits: object = {}): Promise<AgentSend> {
    const made = expectStatus(201, await root.post('/v1/organizations', { name: unique('AgentSend'), limits }));
    return new AgentSend(local.gateway_url, String(made['api_key']?.['secret']));
  }

  /** With another key, or none. */
  as(key: unknown): AgentSend {
    return new AgentSend(this.url, key === null ? null : String(key));
  }

  /** With a new key of the same organization. */
  async narrower(body: object): Promise<AgentSend> {
    const wanted = { name: unique('key'), mode: 'live', scopes: ['*'], ...body };
    return this.as(expectStatus(201, await this.v1.post('/v1/api_keys', wanted))['secret']);
  }

  get(path: string): Promise<Reply> {
    return this.call('GET', path);
  }

  post(path: string, body?: object, headers: Record<string, string> = {}): Promise<Reply> {
    return this.call('POST', path, body, headers);
  }

  call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const typed = { 'content-type': 'application/json', ...headers };
    return this.v1.call(method, `/compat/agentsend${path}`, body, { headers: typed });
  }

  upload(form: FormData) {
    return this.files.post('/compat/agentsend/attachments', form);
  }

  async inbox(body: object = {}): Promise<Json> {
    return expectStatus(201, await this.post('/inboxes', { address: unique('agent'), ...body }));
  }

  send(inbox: Json, body: object = {}): Promise<Reply> {
    const mail = { to: ['success@simulator.amazonses.com'], subject: 'Hello', bodyText: 'Hi' };
    return this.post(`/inboxes/${inbox['id']}/messages`, { ...mail, ...body });
  }

  async sent(inbox: Json, body: object = {}): Promise<Json> {
    return expectStatus(202, await this.send(inbox, body));
  }

  async list(path: string): Promise<Json[]> {
    return expectStatus(200, await this.get(path))['data'] as unknown as Json[];
  }
}

/** What the rows look at; made once. */
export interface World {
  postern: Postern;
  api: AgentSend;
  /** With a test key of the same organization. */
  tester: AgentSend;
  /** Of another organization. */
  stranger: AgentSend;
  outside: Outside;
  inbox: Json;
  /** Holds what is sent until a person has approved it. */
  locked: Json;
  hook: WebhookReceiver;
  /** As the reply to its creation showed it. */
  webhook: Json;
  /** Under way to the end that it is named for. */
  delivered: Json;
  bounced: Json;
  complained: Json;
  held: Json;
  cancelled: Json;
  received: Json;
  /** Received and withheld. */
  infected: Json;
}

export async function makeWorld(postern: Postern): Promise<World> {
  const [api, stranger, hook] = await Promise.all([
    AgentSend.fresh(postern),
    AgentSend.fresh(postern),
    WebhookReceiver.start(),
  ]);
  const outside = new Outside(postern);
  const webhook = expectStatus(201, await api.post('/webhooks', { url: hook.url, description: 'Production' }));
  const [inbox, locked] = await Promise.all([
    api.inbox({ displayName: 'Support Agent' }),
    postern.inbox(api.v1, { security_level: 'full_lockdown' }),
  ]);
  const to = (name: string) => ({ to: [`${name}+${unique('to')}@simulator.amazonses.com`] });
  const [delivered, bounced, complained, held, cancelled, received, infected, tester] = await Promise.all([
    api.sent(inbox, to('success')),
    api.sent(inbox, to('bounce')),
    api.sent(inbox, to('complaint')),
    api.sent(locked),
    api.sent(locked).then(async (message) => {
      await postern.settled(message, ['held'], api.v1);
      expectStatus(200, await api.v1.post(`/v1/messages/${message['id']}/cancel`));
      return message;
    }),
    outside.writes(inbox, { subject: unique('In'), html: '<p>Hello in</p>', cc: 'bob@example.com' }, api.v1),
    outside.writes(inbox, { subject: unique('Tool'), text: EICAR }, api.v1),
    api.narrower({ mode: 'test' }),
  ]);
  await Promise.all([
    postern.settled(delivered, ['delivered'], api.v1),
    postern.settled(bounced, ['bounced'], api.v1),
    postern.settled(complained, ['complained'], api.v1),
    postern.settled(held, ['held'], api.v1),
  ]);
  return {
    postern,
    api,
    tester,
    stranger,
    outside,
    inbox,
    locked,
    hook,
    webhook,
    delivered,
    bounced,
    complained,
    held,
    cancelled,
    received,
    infected,
  };
}

/** Waits for a call of the webhook. */
export const toldOf = ({ hook }: World, event: string, id: Json | undefined) =>
  waitFor(
    () => hook.received.find((call) => call.event['event'] === event && call.event['data']?.['id'] === id),
    `the call for ${event}`,
  );
