import type { Idempotency, RouteDefinition } from '@postern/contracts';
import { badRequest, type Issue } from '@postern/platform';
import { hashOfBody } from './canonical-json.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** What decides whether a call is a repeat. */
export interface IdempotencyRequest {
  route: RouteDefinition;
  /** As it was asked for, without the query. */
  path: string;
  /** Header Idempotency-Key. */
  header: string | string[] | undefined;
  /** As parsed from JSON, before defaults. */
  body: unknown;
}

/**
 * The idempotency key of a call: the header, or `client_id` of a send.
 * @returns null when the route takes none, or none was given; an issue when the two are given and differ.
 * @throws AppError `bad_request` for a header that is no key.
 */
export function idempotencyOf({ route, path, header, body }: IdempotencyRequest): Idempotency | Issue | null {
  if (!route.idempotent) return null;
  if (header !== undefined && (typeof header !== 'string' || !KEY.test(header))) {
    throw badRequest('Send one Idempotency-Key of 1 to 255 visible ASCII characters.');
  }
  const clientId = sends(route) ? clientIdOf(body) : undefined;
  if (header !== undefined && clientId !== undefined && header !== clientId) {
    return { path: 'client_id', message: 'must be the same as the header Idempotency-Key, or one of them left out' };
  }
  const key = header ?? clientId;
  return key === undefined ? null : { key, scope: `${route.method} ${path}`, bodyHash: hashOfBody(body) };
}

/** Elsewhere, as in a draft, `client_id` is a field like any other. */
const sends = ({ scope }: RouteDefinition): boolean => scope === 'messages:send';

/** @returns undefined for a body without a usable one; the body's own check says what is wrong with it. */
function clientIdOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('client_id' in body)) return undefined;
  return typeof body.client_id === 'string' && KEY.test(body.client_id) ? body.client_id : undefined;
}

/** Tells a problem from a key. */
export const isIssue = (found: Idempotency | Issue | null): found is Issue => found !== null && 'message' in found;
