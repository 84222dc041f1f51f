import { z } from 'zod';
import { defineCommand } from '../command.js';
import { SuppressionReason } from '../http/suppression.js';
import { SuppressionId } from '../ids.js';
import { Tenant } from '../tenant.js';

const SuppressedKey = Tenant.extend({ address: z.string() });

export const SuppressedAddress = SuppressedKey.extend({
  /** Later entries of the same address have later ids: the version of the entry. */
  id: SuppressionId,
  reason: SuppressionReason,
});
export type SuppressedAddress = z.infer<typeof SuppressedAddress>;

/**
 * The suppression lists of all tenants, a page at a time, for a projection that begins anew. Each page is as the list is when
 * it is read; what changes meanwhile comes as facts. The last page has no `next`.
 */
export const GetSuppressionSnapshot = defineCommand(
  'delivery.get_suppression_snapshot',
  z.object({ after: SuppressedKey.nullable() }),
  z.object({ data: z.array(SuppressedAddress), next: SuppressedKey.nullable() }),
);
