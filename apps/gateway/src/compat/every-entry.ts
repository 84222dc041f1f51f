import type { RouteDefinition } from '@postern/contracts';
import { type EntryOf, pagesOf } from './pages.js';
import type { V1, V1Input } from './v1.js';

/**
 * The entries of a list of `/v1` in its order, for systems whose lists have no cursors.
 * @returns `more` when there are entries beyond those given.
 * @throws Problem a refusal.
 */
export async function everyEntry<D extends RouteDefinition>(
  v1: V1,
  route: D,
  input: V1Input<D> = {},
): Promise<{ entries: EntryOf<D>[]; more: boolean }> {
  const entries: EntryOf<D>[] = [];
  let more = false;
  for await (const page of pagesOf(v1, route, input)) {
    entries.push(...page.data);
    more = page.has_more;
  }
  return { entries, more };
}
