import { z } from 'zod';
import { AddressInput } from '../address.js';
import { MessageId, SuppressionId } from '../ids.js';
import { PageQuery } from './page.js';
import { Timestamp } from './timestamp.js';

export const SuppressionReason = z.enum(['bounce', 'complaint', 'manual']);
export type SuppressionReason = z.infer<typeof SuppressionReason>;

export const Suppression = z.object({
  id: SuppressionId,
  address: z.string(),
  reason: SuppressionReason,
  source_message_id: MessageId.nullable(),
  created_at: Timestamp,
});
export type Suppression = z.infer<typeof Suppression>;

export const CreateSuppressionBody = z.strictObject({ address: AddressInput.transform((value) => value.address) });
export const ListSuppressionsQuery = z.strictObject({ ...PageQuery, address: z.string().max(254).optional() });
export type ListSuppressionsQuery = z.infer<typeof ListSuppressionsQuery>;
