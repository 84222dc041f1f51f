import type { IncomingHttpHeaders } from 'node:http';
import type { InboxId, Mode, OrganizationId } from '@postern/contracts';
import type { StreamedBody } from '@postern/platform';
import type { HourlyLimit } from './hourly-limits.js';
import type { Problem } from './problem.js';
import type { V1 } from './v1.js';

/** A request in another system's words. Nothing of it is checked yet but its key. */
export interface FrontRequest {
  params: Readonly<Record<string, string>>;
  /** Text by name; a list where a name stands several times. */
  query: Readonly<Record<string, unknown>>;
  /** Parsed JSON; undefined when there is none. */
  body: unknown;
  /** In place of `body`, for routes that take a file. */
  file: StreamedBody | undefined;
  headers: IncomingHttpHeaders;
  /** Of the caller's key, as what stands below it. */
  mode: Mode;
  organizationId: OrganizationId;
  scopes: readonly string[];
  /** Null: every inbox. */
  inboxIds: readonly InboxId[] | null;
  /** Null: never. */
  expiresAt: Date | null;
  /** The token of a link to what has this id, for whoever gets it: only after `/v1` showed it to the caller's key. */
  tokenFor(id: string): string;
  /** `https://mail.example.com`, as the caller reached the gateway: what links in replies begin with. */
  origin: string;
}

export interface FrontReply {
  status: number;
  /** JSON; left out for none. */
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** One route of another system: its words to ours, and our answer to its words. Decides nothing else. */
export interface FrontRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the front's base, parameters in braces. */
  path: `/${string}`;
  /** The body is a file, in a form or by itself. */
  takesFile?: true;
  /** What the other system limits for each organization, beside the limits of `/v1`. Its headers win over those. */
  hourlyLimit?: HourlyLimit;
  /** @throws Problem what `/v1` refuses and what the front does not offer; ZodError what is no request of that system. */
  answer(request: FrontRequest, v1: V1): Promise<FrontReply>;
}

/** The door for clients of another system: its paths, its shapes, its errors, over the routes of `/v1`. */
export interface Front {
  /** `/compat/agentmail/v0` */
  base: `/compat/${string}`;
  routes: readonly FrontRoute[];
  /** A refusal as this system's clients read it. Headers of `/v1` (rate, credits, Retry-After) are added to it. */
  refusal(problem: Problem, requestId: string): FrontReply;
}
