import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dns } from '../dns/dns-server.js';
import { dnsRoutes } from '../dns/routes.js';
import type { Faults } from '../faults/faults.js';
import { readFaults } from '../faults/read-faults.js';
import { BodyTooLarge, readBody } from '../http/body.js';
import { InvalidInput, readFields, readNumber, readString } from '../http/input.js';
import { reply, replyJson, replyProblem } from '../http/reply.js';
import type { ObjectStore } from '../s3/object-store.js';
import { setVerified } from '../ses/identities.js';
import type { SendingQuota } from '../ses/sending-quota.js';
import type { StateStore } from '../state/state.js';
import { mailboxPage } from './mailbox-page.js';
import type { Mailbox, MessageFilter, TakenMessage } from './mailbox.js';
import type { LateEvents } from './late-events.js';
import type { Receiving } from './receive.js';

/** What the `/_sandbox` routes drive. */
export interface SandboxParts {
  readonly mailbox: Mailbox;
  readonly faults: Faults;
  readonly quota: SendingQuota;
  readonly store: StateStore;
  readonly dns: Dns;
  readonly lateEvents: LateEvents;
  readonly receiving: Receiving;
  readonly objects: ObjectStore;
}

interface Call {
  readonly query: URLSearchParams;
  /** The parsed JSON body. */
  readonly body: () => Promise<unknown>;
  readonly response: ServerResponse;
}

type Handler = (call: Call) => void | Promise<void>;

const DEFAULT_PAGE = 100;
const MAX_PAGE = 1_000;
const MAX_JSON_BYTES = 16 * 1024 * 1024;
const PAGE_MESSAGES = 100;

const filterOf = (query: URLSearchParams): MessageFilter => ({
  to: query.get('to') || undefined,
  contains: query.get('contains') || undefined,
});

const shown = (message: TakenMessage) => ({
  message_id: message.messageId,
  source: message.source,
  destinations: message.destinations,
  tags: message.tags,
  configuration_set: message.configurationSet,
  raw_base64: message.raw.toString('base64'),
  at: message.at.toISOString(),
});

const numberIn = (query: URLSearchParams, name: string, otherwise: number, range: { min: number; max: number }) => {
  const text = query.get(name);
  return text === null || text === '' ? otherwise : readNumber(Number(text), name, { ...range, whole: true });
};

const messageRoutes = ({ mailbox }: SandboxParts): Record<string, Handler> => ({
  'GET /messages': ({ query, response }) => {
    const limit = numberIn(query, 'limit', DEFAULT_PAGE, { min: 1, max: MAX_PAGE });
    const after = numberIn(query, 'after', 0, { min: 0, max: Number.MAX_SAFE_INTEGER });
    const { messages, hasMore } = mailbox.page(filterOf(query), after, limit);
    const last = messages.at(-1);
    replyJson(response, 200, {
      data: messages.map(shown),
      has_more: hasMore,
      next_cursor: hasMore && last ? String(last.sequence) : null,
    });
  },
  'GET /messages/count': ({ query, response }) => replyJson(response, 200, { count: mailbox.count(filterOf(query)) }),
  'DELETE /messages': ({ response }) => {
    mailbox.clear();
    response.writeHead(204).end();
  },
  'GET /': ({ query, response }) => {
    const filter = filterOf(query);
    const page = mailboxPage(mailbox.newest(filter, PAGE_MESSAGES), mailbox.count(filter), filter);
    reply(response, 200, 'text/html; charset=utf-8', page, {
      // Mail is hostile: nothing of it may run or load, even if escaping failed.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    });
  },
});

const switchRoutes = ({ faults, quota, store }: SandboxParts): Record<string, Handler> => {
  const showQuota = (response: ServerResponse): void =>
    replyJson(response, 200, {
      max_send_rate: quota.current.maxSendRate,
      max_24_hour_send: quota.current.max24HourSend,
      sent_last_24_hours: quota.sentLast24Hours(),
    });
  const rate = { min: 0, max: Number.MAX_SAFE_INTEGER };
  return {
    'GET /faults': ({ response }) => replyJson(response, 200, faults.current),
    'POST /faults': async ({ body, response }) => {
      faults.replace(readFaults(await body()));
      replyJson(response, 200, faults.current);
    },
    'GET /quota': ({ response }) => showQuota(response),
    'POST /quota': async ({ body, response }) => {
      const fields = readFields(await body(), 'The body', ['max_send_rate', 'max_24_hour_send']);
      const given = (name: string, min: number, otherwise: number): number =>
        name in fields ? readNumber(fields[name], name, { ...rate, min }) : otherwise;
      quota.set({
        maxSendRate: given('max_send_rate', 0, quota.current.maxSendRate),
        max24HourSend: given('max_24_hour_send', -1, quota.current.max24HourSend),
      });
      showQuota(response);
    },
    'POST /identities': async ({ body, response }) => {
      const fields = readFields(await body(), 'The body', ['identity', 'verified']);
      const identity = readString(fields['identity'], 'identity');
      if (typeof fields['verified'] !== 'boolean') throw new InvalidInput('verified must be true or false.');
      setVerified(store.state, identity, fields['verified']);
      await store.save();
      replyJson(response, 200, { identity: identity.toLowerCase(), verified: fields['verified'] });
    },
  };
};

const feedbackRoutes = ({ lateEvents, receiving }: SandboxParts): Record<string, Handler> => ({
  'POST /events': async ({ body, response }) => {
    const found = lateEvents.publish(await body());
    if (found) replyJson(response, 202, { accepted: true });
    else replyProblem(response, 404, 'not_found', 'No message with this message_id is in the mailbox.');
  },
  'POST /receive': async ({ body, response }) => {
    const received = await receiving.receive(await body());
    if (received) replyJson(response, 202, received);
    else replyProblem(response, 404, 'not_found', 'No topic has this topic_arn.');
  },
});

const MAX_AGE_SECONDS = 10 * 366 * 24 * 3600;

const objectRoutes = ({ objects }: SandboxParts): Record<string, Handler> => ({
  'POST /s3/age': async ({ body, response }) => {
    const fields = readFields(await body(), 'The body', ['bucket', 'seconds']);
    const bucket = readString(fields['bucket'], 'bucket');
    const seconds = readNumber(fields['seconds'], 'seconds', { min: 0, max: MAX_AGE_SECONDS });
    if (!objects.hasBucket(bucket)) return replyProblem(response, 404, 'not_found', 'No bucket has this name.');
    await objects.age(bucket, seconds * 1000);
    response.writeHead(204).end();
  },
});

const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const text = (await readBody(request, MAX_JSON_BYTES)).toString();
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InvalidInput('The body must be JSON.', { cause: error });
  }
};

/** Answers `/_sandbox/…`: what tests and people look at and switch. */
export const createSandboxRoutes = (parts: SandboxParts) => {
  const routes: Record<string, Handler> = {
    'GET /health': ({ response }) => replyJson(response, 200, { status: 'ok' }),
    ...messageRoutes(parts),
    ...switchRoutes(parts),
    ...feedbackRoutes(parts),
    ...objectRoutes(parts),
    ...dnsRoutes(parts.store, parts.dns),
  };
  const paths = new Set(Object.keys(routes).map((route) => route.split(' ')[1]));

  /** @param path  what follows `/_sandbox`, at least `/`. */
  return async (path: string, query: URLSearchParams, request: IncomingMessage, response: ServerResponse) => {
    const route = `${request.method === 'HEAD' ? 'GET' : request.method} ${path}`;
    const handler = Object.hasOwn(routes, route) ? routes[route] : undefined;
    if (!handler) {
      if (paths.has(path))
        return replyProblem(response, 405, 'method_not_allowed', `${path} does not take this method.`);
      return replyProblem(response, 404, 'not_found', `The sandbox has no route ${path}.`);
    }
    try {
      await handler({ query, body: () => readJson(request), response });
    } catch (error) {
      if (error instanceof InvalidInput) replyProblem(response, 422, 'validation_failed', error.message);
      else if (error instanceof BodyTooLarge) replyProblem(response, 413, 'too_large', error.message);
      else throw error;
    }
  };
};

export type SandboxRoutes = ReturnType<typeof createSandboxRoutes>;
