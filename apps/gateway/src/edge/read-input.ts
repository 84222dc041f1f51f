import type { RouteDefinition } from '@postern/contracts';
import { fromZod, type Issue, notFound } from '@postern/platform';
import type { z } from 'zod';
import { unstorableText } from './unstorable-text.js';

/** The parts of a request as they came. */
export interface RawInput {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** The parts as the route reads them, or everything that is wrong with query and body. */
export type ReadInput = { ok: true; input: RawInput } | { ok: false; issues: Issue[] };

/**
 * Reads query and body; a body that is absent is an empty one.
 * @throws AppError `not_found` for path parameters that cannot name anything.
 */
export function readInput(route: RouteDefinition, raw: RawInput): ReadInput {
  const params = route.params.safeParse(raw.params);
  if (!params.success || unstorableText(raw.params).length > 0) throw notFound();
  const query = route.query.safeParse(raw.query);
  const body = route.body.safeParse(raw.body === undefined ? {} : raw.body);
  const unstorable = [...unstorableText(raw.query), ...(route.checksItems ? [] : unstorableText(raw.body))];
  if (query.success && body.success && unstorable.length === 0) {
    return { ok: true, input: { params: params.data, query: query.data, body: body.data } };
  }
  return { ok: false, issues: [...issuesOf(query), ...issuesOf(body), ...unstorable] };
}

function issuesOf(result: z.ZodSafeParseResult<unknown>): Issue[] {
  if (result.success) return [];
  return (fromZod(result.error).details as { issues: Issue[] }).issues;
}
