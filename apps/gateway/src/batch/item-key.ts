import type { Idempotency, RouteDefinition } from '@postern/contracts';
import { hashOfBody } from '../edge/canonical-json.js';

/**
 * The idempotency key of one item of a batch: its own `client_id`, which means the same at any place of any batch, else one
 * that is derived from the header and the item's place.
 * @param header  the key of the whole request, null without the header.
 * @param item    as it came: equality of bodies is decided before defaults.
 */
export function itemKey(
  { method, path }: Pick<RouteDefinition, 'method' | 'path'>,
  header: Idempotency | null,
  item: unknown,
  clientId: string | undefined,
  index: number,
): Idempotency | null {
  const scope = `${method} ${path}`;
  if (clientId !== undefined) return { key: clientId, scope, bodyHash: hashOfBody(item) };
  if (header === null) return null;
  return { key: header.key, scope: `${scope}#${index}`, bodyHash: hashOfBody(item) };
}
