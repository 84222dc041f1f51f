import { newId, type Tenant } from '@postern/contracts';
import type { Database } from '@postern/platform';
import { CallStore } from '../src/store/call-store.js';

export interface Pending {
  tenant: Tenant;
  url: string;
  endpoints: number;
  /** Calls that are due to each of them. */
  each: number;
  failing?: boolean;
}

/** Makes endpoints with calls that are due, behind the back of the service. @returns the endpoints' ids. */
export async function pendingCalls(database: Database, pending: Pending): Promise<string[]> {
  const { tenant, url, endpoints, each, failing = false } = pending;
  const { organizationId, mode } = tenant;
  const ids = Array.from({ length: endpoints }, () => newId('whk'));
  await database.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO webhooks (organization_id, mode, id, url, events, inbox_ids, headers, status, failing_since)
       SELECT $1, $2, id, $3, '{}', '{}', '{}', 'enabled', CASE WHEN $5 THEN now() END FROM unnest($4::text[]) AS t(id)`,
      [organizationId, mode, url, ids, failing],
    );
    const calls = ids.flatMap((webhookId) => Array.from({ length: each }, () => webhookId));
    await new CallStore(1).add(
      tx,
      calls.map((webhookId) => ({
        organizationId,
        mode,
        id: newId('dlv'),
        webhookId,
        eventId: newId('evt'),
        eventType: 'message.sent',
        eventDay: null,
      })),
    );
  });
  return ids;
}
