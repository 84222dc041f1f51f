import { z } from 'zod';
import type { ErrorCode } from '../error-codes.js';

/** What a route takes where it takes nothing. */
export const Nothing = z.strictObject({});
export type Nothing = typeof Nothing;

export type RouteMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';
export type RouteTag =
  | 'Organizations'
  | 'API keys'
  | 'Inboxes'
  | 'Messages'
  | 'Threads'
  | 'Attachments'
  | 'Drafts'
  | 'Approvals'
  | 'Policies'
  | 'Scan'
  | 'Lists'
  | 'Suppressions'
  | 'Domains'
  | 'Webhooks'
  | 'Events'
  | 'Audit log'
  | 'Metrics'
  | 'Credits';
/** What a request names: its owner can be asked whether it exists. */
export type RouteSubject =
  | 'inbox'
  | 'message'
  | 'attachment'
  | 'draft'
  | 'thread'
  | 'approval'
  | 'policy'
  | 'list_entry'
  | 'suppression'
  | 'domain'
  | 'webhook'
  | 'webhook_delivery'
  | 'api_key'
  | 'organization';

/** One route of the HTTP contract: from it come binding, checks, statuses and the OpenAPI document. */
export interface RouteDefinition<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  /** snake_case; the operationId. */
  readonly id: string;
  readonly method: RouteMethod;
  /** Parameters in braces: `/v1/inboxes/{inbox}`. */
  readonly path: `/v1/${string}`;
  readonly tag: RouteTag;
  /** The scope that a key needs; `root` takes the root key only. */
  readonly scope: string;
  /** Shows or changes what belongs to no single inbox: shut to keys that are bound to inboxes. */
  readonly wholeOrganization?: true;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly description?: string;
  /** Path parameters. One that does not parse is 404, as if it named nothing. */
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly status: 200 | 201 | 202 | 204;
  /** Of the JSON reply, or octets with `produces`; of no meaning with 204. */
  readonly response: R;
  /** Media type of a reply that is not JSON. */
  readonly produces?: string;
  /** The body is a file, in a form or by itself: the handler reads it as it comes, in place of `body`. */
  readonly takesFile?: true;
  /** A `token` takes the place of a key. `redirects`: a key is answered with such a link; `accepts`: with the reply itself. */
  readonly signedLink?: 'redirects' | 'accepts';
  /** Asked for before a validation error is shown, because 404 is decided before the body. */
  readonly subject?: RouteSubject;
  /** The field of the body that names the subject, where the path does not. */
  readonly subjectIn?: 'inbox_id';
  /** Codes beyond those that every route may answer. */
  readonly errors: readonly ErrorCode[];
  /** Takes the header Idempotency-Key. */
  readonly idempotent: boolean;
  /** Heeds the header `Prefer: wait`: the reply comes when the scan has decided. */
  readonly prefersWait?: true;
  /** Its handler checks the items of the body one by one: the edge does not refuse the whole for one of them. */
  readonly checksItems?: true;
  /** A body that is right, for the reference. */
  readonly example?: Readonly<Record<string, unknown>>;
}

type Given<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> = Omit<
  RouteDefinition,
  'params' | 'query' | 'body' | 'response' | 'errors' | 'idempotent'
> & { params?: P; query?: Q; body?: B; response?: R; errors?: readonly ErrorCode[]; idempotent?: false };

/** Declares a route. What is left out is nothing; every POST is idempotent that does not say that it makes nothing. */
export function defineRoute<
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
  R extends z.ZodType = Nothing,
>(given: Given<P, Q, B, R>): RouteDefinition<P, Q, B, R> {
  // Where a part is left out its type parameter is the default, Nothing.
  const part = <T extends z.ZodType>(schema: T | undefined): T => schema ?? (Nothing as z.ZodType as T);
  return {
    ...given,
    params: part(given.params),
    query: part(given.query),
    body: part(given.body),
    response: part(given.response),
    errors: given.errors ?? [],
    idempotent: given.idempotent ?? given.method === 'POST',
  };
}

/** What the handler of a route gets. */
export interface RouteInput<D extends RouteDefinition> {
  params: z.output<D['params']>;
  query: z.output<D['query']>;
  body: z.output<D['body']>;
}

/** What the handler of a route answers. */
export type RouteOutput<D extends RouteDefinition> = z.output<D['response']>;
