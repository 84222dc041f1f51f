import { Injectable } from '@nestjs/common';
import type { CommandContext, Idempotency, Tenant } from '@postern/contracts';
import { conflict, Database, type Tx } from '@postern/platform';

interface KeyRow {
  body_hash: string;
  resource_id: string;
}

const FIND = `SELECT body_hash, resource_id FROM idempotency_keys
  WHERE organization_id = $1 AND mode = $2 AND scope = $3 AND key = $4`;

/** Keys are kept at least this long. */
export const KEEP_IDEMPOTENCY_KEYS = '48 hours';

/**
 * Same key and same body: the first result again. The row is written in the transaction of what it protects, so that
 * either both exist or neither does.
 */
@Injectable()
export class IdempotencyKeys {
  constructor(private readonly database: Database) {}

  /**
   * Looks for an earlier call, before any work.
   * @returns the id of what that call made, or null.
   * @throws AppError `idempotency_conflict` when the key was used with another body.
   */
  async find(context: CommandContext): Promise<string | null> {
    if (context.idempotency === null) return null;
    return this.read(this.database, context, context.idempotency);
  }

  /**
   * Takes the key for a resource that this transaction makes. Waits for a concurrent holder of the key to commit.
   * @returns null when the key was free (or none was given), else the id of what the earlier call made: the caller
   * rolls back what it did and answers with that.
   */
  async take(tx: Tx, context: CommandContext, resourceId: string): Promise<string | null> {
    const { idempotency } = context;
    if (idempotency === null) return null;
    const taken = await tx.query(
      `INSERT INTO idempotency_keys (organization_id, mode, scope, key, body_hash, resource_id)
       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1`,
      [context.organizationId, context.mode, idempotency.scope, idempotency.key, idempotency.bodyHash, resourceId],
    );
    return taken.length === 1 ? null : this.read(tx, context, idempotency);
  }

  private async read(tx: Tx | Database, tenant: Tenant, idempotency: Idempotency): Promise<string | null> {
    const [row] = await tx.query<KeyRow>(FIND, [
      tenant.organizationId,
      tenant.mode,
      idempotency.scope,
      idempotency.key,
    ]);
    if (row === undefined) return null;
    if (row.body_hash !== idempotency.bodyHash) throw otherBody();
    return row.resource_id;
  }
}

/** The key was used with another body. */
export const otherBody = () =>
  conflict('idempotency_conflict', 'Use a new idempotency key: this one was used with another body.');
