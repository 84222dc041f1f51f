import type { RouteDefinition } from '@postern/contracts';
import type { StreamedBody } from '@postern/platform';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import type { z } from 'zod';
import { Problem } from './problem.js';

/** Of a route of `/v1`, as JSON has it. */
export interface V1Input<D extends RouteDefinition> {
  params?: z.input<D['params']>;
  query?: z.input<D['query']>;
  body?: z.input<D['body']>;
  /** In place of `body`, for routes that take a file. */
  file?: StreamedBody;
  /** In place of the header of the front's request; null for none, where one request of the front becomes several. */
  idempotencyKey?: string | null;
  /** Seconds to wait for the scan, where the route heeds it. */
  waitSeconds?: number;
}

/** Headers of the front's request that mean the same to `/v1`. */
const PASSED_ON = ['authorization', 'x-api-key', 'idempotency-key', 'traceparent'] as const;
/** Headers of `/v1` that mean the same to every client. */
const PASSED_BACK = /^(ratelimit-.*|retry-after|x-credits-remaining|idempotent-replay)$/;
const REFUSED_FROM = 400;

/**
 * Calls routes of `/v1` inside this process, with the caller's own key. Every rule of the edge (key, scope, rate, credits,
 * idempotency, validation) is met there, so that a front cannot go round one of them.
 */
export class V1 {
  /** Of the last reply: what the client of the front should know, too. */
  readonly headers: Record<string, string> = {};

  constructor(
    private readonly fastify: FastifyInstance,
    private readonly caller: { headers: Readonly<Record<string, string | string[] | undefined>>; requestId: string },
  ) {}

  /**
   * @returns the JSON of the reply; undefined when it has none.
   * @throws Problem a refusal.
   */
  async ask<D extends RouteDefinition>(route: D, input: V1Input<D> = {}): Promise<z.input<D['response']>> {
    const { payload } = await this.call(route, input);
    return (payload === '' ? undefined : JSON.parse(payload)) as z.input<D['response']>;
  }

  /**
   * For routes that answer with octets.
   * @throws Problem a refusal.
   */
  async octets<D extends RouteDefinition>(route: D, input: V1Input<D>): Promise<Buffer> {
    return (await this.call(route, input)).rawPayload;
  }

  /**
   * For routes with a signed link: the path, with its token, that needs no key.
   * @throws Problem a refusal.
   */
  async linkTo<D extends RouteDefinition>(route: D, input: V1Input<D>): Promise<string> {
    return String((await this.call(route, input)).headers.location);
  }

  private async call<D extends RouteDefinition>(route: D, input: V1Input<D>): Promise<LightMyRequestResponse> {
    const reply = await this.fastify.inject(this.request(route, input));
    for (const [name, value] of Object.entries(reply.headers)) {
      if (PASSED_BACK.test(name) && value !== undefined) this.headers[name] = String(value);
    }
    if (reply.statusCode >= REFUSED_FROM) throw Problem.fromReply(reply.statusCode, reply.payload);
    return reply;
  }

  private request<D extends RouteDefinition>(route: D, input: V1Input<D>): InjectOptions {
    const headers: Record<string, string> = { host: 'gateway', 'x-request-id': this.caller.requestId };
    for (const name of PASSED_ON) {
      const value = this.caller.headers[name];
      if (typeof value === 'string') headers[name] = value;
    }
    if (input.idempotencyKey === null) delete headers['idempotency-key'];
    else if (input.idempotencyKey !== undefined) headers['idempotency-key'] = input.idempotencyKey;
    if (input.waitSeconds !== undefined) headers['prefer'] = `wait=${input.waitSeconds}`;
    return {
      method: route.method,
      url: urlOf(route, (input.params ?? {}) as Record<string, string>, (input.query ?? {}) as Record<string, unknown>),
      ...bodyOf(input, headers),
    };
  }
}

function bodyOf({ body, file }: V1Input<RouteDefinition>, headers: Record<string, string>) {
  if (file !== undefined) {
    const { payload, contentType, sizeBytes } = file;
    if (contentType !== undefined) headers['content-type'] = contentType;
    if (sizeBytes !== undefined) headers['content-length'] = String(sizeBytes);
    return { headers, payload };
  }
  if (body === undefined) return { headers };
  return { headers: { ...headers, 'content-type': 'application/json' }, payload: JSON.stringify(body) };
}

function urlOf(route: RouteDefinition, params: Record<string, string>, query: Record<string, unknown>): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)])));
  return search.size === 0 ? path : `${path}?${search}`;
}
