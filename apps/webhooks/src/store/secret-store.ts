import { Injectable } from '@nestjs/common';
import type { Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';

/** Secrets that sign at once, the newest included: each is one more signature in a header of bounded size. */
const ACTIVE_MAX = 5;

/** Signing secrets of endpoints. They are written here and read only where calls are claimed. */
@Injectable()
export class SecretStore {
  async add(tx: Tx, tenant: Tenant, webhookId: string, secret: string): Promise<void> {
    await tx.query(`INSERT INTO endpoint_secrets (organization_id, mode, webhook_id, secret) VALUES ($1, $2, $3, $4)`, [
      tenant.organizationId,
      tenant.mode,
      webhookId,
      secret,
    ]);
  }

  /** The endpoint is deleted: nothing is signed for it any more. */
  async delete(tx: Tx, tenant: Tenant, webhookId: string): Promise<void> {
    await tx.query(`DELETE FROM endpoint_secrets WHERE organization_id = $1 AND mode = $2 AND webhook_id = $3`, [
      tenant.organizationId,
      tenant.mode,
      webhookId,
    ]);
  }

  /** Ends the secrets there are after the overlap, those that were to end earlier at their time; the oldest go at once. */
  async retire(tx: Tx, tenant: Tenant, webhookId: string, overlapSeconds: number): Promise<void> {
    const endpoint = [tenant.organizationId, tenant.mode, webhookId];
    await tx.query(
      `UPDATE endpoint_secrets SET expires_at = least(expires_at, now() + $4 * interval '1 second')
        WHERE organization_id = $1 AND mode = $2 AND webhook_id = $3`,
      [...endpoint, overlapSeconds],
    );
    await tx.query(
      `DELETE FROM endpoint_secrets s WHERE organization_id = $1 AND mode = $2 AND webhook_id = $3
          AND (expires_at <= now() OR secret NOT IN (
            SELECT secret FROM endpoint_secrets
             WHERE organization_id = $1 AND mode = $2 AND webhook_id = $3 ORDER BY created_at DESC LIMIT ${ACTIVE_MAX - 1}))`,
      endpoint,
    );
  }
}
