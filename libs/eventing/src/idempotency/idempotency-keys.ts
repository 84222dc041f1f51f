import { Injectable } from '@nestjs/common';
import type { CommandContext, Idempotency, Tenant } from '@postern/contracts';
import { conflict, Database, isLockTimeout, type Tx } from '@postern/platform';

interface KeyRow {
  body_hash: string;
  resource_id: string;
}

const FIND = `SELECT body_hash, resource_id FROM idempotency_keys
  WHERE organization_id = $1 AND mode = $2 AND scope = $3 AND key = $4`;

const TAKE = `INSERT INTO idempotency_keys (organization_id, mode, scope, key, body_hash, resource_id)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING 1`;

/** Keys are kept at least this long. */
export const KEEP_IDEMPOTENCY_KEYS = '48 hours';

/**
 * A call waits this long for another with its key to end, and most do at once. Shorter than the 1.7 s after which the
 * gateway gives a command up.
 */
const PATIENCE_MS = 1_000;
const COME_BACK_AFTER_SECONDS = 1;

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
   * Takes the key for a resource that this transaction makes. Waits a second for a concurrent holder of the key to commit.
   * @returns null when the key was free (or none was given), else the id of what the earlier call made: the caller
   * rolls back what it did and answers with that.
   * @throws AppError `idempotency_in_progress` when the holder takes longer.
   */
  async take(tx: Tx, context: CommandContext, resourceId: string): Promise<string | null> {
    const { idempotency } = context;
    if (idempotency === null) return null;
    const { scope, key, bodyHash } = idempotency;
    await tx.query(`SET LOCAL lock_timeout = ${PATIENCE_MS}`);
    const taken = await tx
      .query(TAKE, [context.organizationId, context.mode, scope, key, bodyHash, resourceId])
      .catch((error: unknown) => {
        throw isLockTimeout(error) ? inProgress() : error;
      });
    await tx.query('SET LOCAL lock_timeout TO DEFAULT');
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

const inProgress = () =>
  conflict('idempotency_in_progress', 'Send it again in a second: a call with this idempotency key still runs.', {
    retryAfterSeconds: COME_BACK_AFTER_SECONDS,
  });
