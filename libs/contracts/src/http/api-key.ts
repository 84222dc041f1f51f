import { z } from 'zod';
import { InboxId, KeyId } from '../ids.js';
import { Mode } from '../tenant.js';
import { PageQuery } from './page.js';
import { Timestamp, TimestampInput } from './timestamp.js';

const RESOURCES = [
  'inboxes',
  'messages',
  'approvals',
  'policies',
  'lists',
  'suppressions',
  'webhooks',
  'events',
  'domains',
  'keys',
  'audit',
  'usage',
] as const;

/** What a key may do. `*` is everything, `approvals:*` everything of one resource. */
export const SCOPES = [
  '*',
  ...RESOURCES.flatMap((resource) => [`${resource}:read`, `${resource}:write`, `${resource}:*`]),
  'messages:send',
  'messages:read_withheld',
] as const;
export const Scope = z.string().refine((scope) => SCOPES.includes(scope), { message: 'is not a scope' });

/** Tells whether granted scopes cover a needed one. */
export function covers(granted: readonly string[], needed: string): boolean {
  return granted.includes('*') || granted.includes(needed) || granted.includes(`${needed.split(':')[0]}:*`);
}

export const ApiKey = z.object({
  id: KeyId,
  name: z.string(),
  mode: Mode,
  scopes: z.array(z.string()),
  inbox_ids: z.array(InboxId).nullable(),
  key_prefix: z.string(),
  secret: z.string().nullable().meta({ description: 'shown once, in the reply that created the key' }),
  created_at: Timestamp,
  last_used_at: Timestamp.nullable(),
  expires_at: Timestamp.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

export const CreateApiKeyBody = z.strictObject({
  name: z.string().min(1).max(200),
  mode: Mode,
  scopes: z.array(Scope).min(1).max(SCOPES.length),
  inbox_ids: z.array(InboxId).min(1).max(100).nullish(),
  expires_at: TimestampInput.nullish(),
});
export type CreateApiKeyBody = z.infer<typeof CreateApiKeyBody>;

export const ListApiKeysQuery = z.strictObject(PageQuery);
export type ListApiKeysQuery = z.infer<typeof ListApiKeysQuery>;
