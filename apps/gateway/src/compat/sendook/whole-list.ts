import type { FrontReply } from '../front.js';

/** A list of this system, which has no pages. What `/v1` has beyond a thousand entries is told of in a header. */
export function wholeList<T>(
  { entries, more }: { entries: readonly T[]; more: boolean },
  shown: (entry: T) => object,
): FrontReply {
  return { status: 200, body: entries.map(shown), headers: more ? { 'x-has-more': 'true' } : {} };
}
