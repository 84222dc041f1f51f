import { Injectable } from '@nestjs/common';
import type { Tenant } from '@postern/contracts';
import { Database } from '@postern/platform';

/** Calls deleted in one statement, so that it ends well within the statement time-out. */
const AT_ONCE = 5_000;

const OF_ENDPOINT = 'organization_id = $1 AND mode = $2 AND webhook_id = $3';

/** Deletes what deleted endpoints leave behind. Statements of their own, and none waits for a call that somebody works on. */
@Injectable()
export class RemovalStore {
  constructor(private readonly database: Database) {}

  /** @returns null when no deleted endpoint is left. */
  async next(): Promise<(Tenant & { id: string }) | null> {
    const [row] = await this.database.query<Tenant & { id: string }>(
      `SELECT organization_id AS "organizationId", mode, id FROM webhooks WHERE status = 'deleted' ORDER BY id LIMIT 1`,
    );
    return row ?? null;
  }

  /** Deletes some of what there is of an endpoint. @returns whether there is more that can be deleted at once. */
  async remove({ organizationId, mode, id }: Tenant & { id: string }): Promise<boolean> {
    const endpoint = [organizationId, mode, id];
    await this.database.query(`DELETE FROM replays WHERE ${OF_ENDPOINT}`, endpoint);
    const calls = await this.database.query(
      `DELETE FROM calls WHERE ctid IN (
         SELECT ctid FROM calls WHERE ${OF_ENDPOINT} LIMIT $4 FOR UPDATE SKIP LOCKED) RETURNING 1`,
      [...endpoint, AT_ONCE],
    );
    if (calls.length === AT_ONCE) return true;
    const gone = await this.database.query(
      `DELETE FROM webhooks h WHERE organization_id = $1 AND mode = $2 AND id = $3 AND NOT EXISTS (
         SELECT 1 FROM calls c WHERE c.organization_id = $1 AND c.mode = $2 AND c.webhook_id = $3) RETURNING 1`,
      endpoint,
    );
    return gone.length > 0;
  }
}
