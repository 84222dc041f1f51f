import { type Infra, type ServiceUnderTest, startInfra, startService } from '@postern/testing';
import { gatewayService } from '../src/gateway.service.js';
import { migrations, SCHEMA } from '../src/store/migrations/index.js';
import { type Player, playMessaging } from './messaging.player.js';

export const ROOT_KEY = 'root-key-of-the-tests-0123456789abcdef';

export interface CallOptions {
  key?: string;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, with the headers given. */
  payload?: string | Buffer;
  headers?: Record<string, string>;
}

/** What the tests read of replies; each reply has some of it. */
export interface ReplyBody {
  id: string;
  slug: string;
  inbox_id: string;
  secret: string;
  key_prefix: string;
  last_used_at: string | null;
  organization: { id: string };
  api_key: { id: string; secret: string };
  data: { id: string }[];
  next_cursor: string | null;
  error: {
    code: string;
    message: string;
    status: number;
    request_id: string;
    details: { issues: { path: string }[] };
  };
}

/** A reply, its body read as JSON where it is JSON. */
export interface Reply {
  status: number;
  headers: Headers;
  body: ReplyBody;
  octets: Buffer;
}

export interface GatewayUnderTest {
  infra: Infra;
  gateway: ServiceUnderTest;
  player: Player;
  url: string;
  call(method: string, path: string, options?: CallOptions): Promise<Reply>;
  /** A fresh organization's first key. */
  organization(body?: object): Promise<{ id: string; key: string }>;
  stop(): Promise<void>;
}

/** Another gateway on the same database and bus, as a second replica. */
export const startReplica = (infra: Infra, env: Record<string, string> = {}): Promise<ServiceUnderTest> =>
  startService({
    infra,
    service: gatewayService,
    schema: SCHEMA,
    migrations,
    env: { PORT: '0', POSTERN_ROOT_KEY: ROOT_KEY, ...env },
  });

/** One HTTP call. */
export async function callAt(url: string, method: string, path: string, options: CallOptions = {}): Promise<Reply> {
  const payload = options.body === undefined ? options.payload : JSON.stringify(options.body);
  const response = await fetch(url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(options.key !== undefined && { authorization: `Bearer ${options.key}` }),
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(payload !== undefined && { body: payload }),
  });
  const octets = Buffer.from(await response.arrayBuffer());
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson && octets.length > 0 ? JSON.parse(octets.toString()) : {}) as ReplyBody,
    octets,
  };
}

/** A gateway on real PostgreSQL and NATS; messaging is played. */
export async function startGateway(): Promise<GatewayUnderTest> {
  const infra = await startInfra();
  const player = await playMessaging(infra.natsUrl);
  const gateway = await startReplica(infra);
  const url = await gateway.app.getUrl();
  const call = (method: string, path: string, options?: CallOptions): Promise<Reply> =>
    callAt(url, method, path, options);
  return {
    infra,
    gateway,
    player,
    url,
    call,
    organization: async (body = { name: 'Acme' }) => {
      const reply = await call('POST', '/v1/organizations', { key: ROOT_KEY, body });
      return { id: reply.body.organization.id, key: reply.body.api_key.secret };
    },
    stop: async () => {
      await gateway.stop();
      await player.stop();
      await infra.stop();
    },
  };
}
