import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type LocalJson, type Stack } from '@postern/local';
import { refuseDeadlocks, waitFor } from '@postern/testing';
import { Client, type Json } from './client.js';
import { Sandbox } from './sandbox.js';

/** A name that no other test uses: tests share a stack without seeing each other. */
export const unique = (word: string): string => `${word}-${randomBytes(5).toString('hex')}`;

/** A message may wait for a process that is started again, for the end of a lease and for what is in doubt, one after the other. */
const SETTLED_WITHIN_MS = 120_000;

/** A running Postern with the clients that a test needs. */
export class Postern {
  readonly admin: Client;
  readonly agent: Client;
  readonly tester: Client;
  readonly reviewer: Client;
  readonly root: Client;
  readonly anonymous: Client;
  readonly sandbox: Sandbox;

  constructor(readonly local: LocalJson) {
    const client = (key: string | null) => new Client(local.gateway_url, key);
    this.admin = client(local.admin_key);
    this.agent = client(local.api_key);
    this.tester = client(local.test_api_key);
    this.reviewer = client(local.reviewer_key);
    this.root = client(local.root_key);
    this.anonymous = client(null);
    this.sandbox = new Sandbox(local.aws_sandbox_url ?? '');
  }

  /** A fresh inbox. */
  async inbox(client = this.agent, body: object = {}): Promise<Json> {
    const reply = await client.post('/v1/inboxes', { slug: unique('agent'), ...body });
    if (reply.status !== 201) throw new Error(`no inbox: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  /** Sends, and gives the accepted message. */
  async send(inbox: Json, body: object = {}, client = this.agent): Promise<Json> {
    const reply = await client.post(`/v1/inboxes/${inbox['id']}/messages`, {
      to: 'success@simulator.amazonses.com',
      subject: 'Hello',
      text: 'Hi',
      ...body,
    });
    if (reply.status !== 202) throw new Error(`not accepted: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  /** Waits until a message shows one of the statuses. */
  async settled(message: Json, statuses: string[], client = this.agent): Promise<Json> {
    let last = '';
    return waitFor(
      async () => {
        const { body } = await client.get(`/v1/messages/${message['id']}`);
        last = String(body['delivery_status']);
        return statuses.includes(last) ? body : null;
      },
      `${message['id']} to be ${statuses.join(' or ')}`,
      SETTLED_WITHIN_MS,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${last}`);
    });
  }
}

/** A stack of its own, for tests that break things. */
export async function ownPostern(options: { replicas?: number; env?: Record<string, string> } = {}): Promise<{
  postern: Postern;
  stack: Stack;
  stop(): Promise<void>;
}> {
  const directory = await mkdtemp(join(tmpdir(), 'postern-e2e-'));
  const stack = await startStack({ dataDir: directory, ...options });
  return {
    postern: new Postern(stack.local),
    stack,
    stop: async () => {
      await stack.stop();
      refuseDeadlocks(stack.logs('postgres'));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
