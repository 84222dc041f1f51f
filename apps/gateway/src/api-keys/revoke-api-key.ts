import { Injectable } from '@nestjs/common';
import type { CommandContext, KeyId } from '@postern/contracts';
import { Database, notFound } from '@postern/platform';
import { apiKeyRevoked } from '../audit/notes-of-actions.js';
import { Revocations } from '../auth/revocations.js';
import { ApiKeysStore } from '../store/api-keys.store.js';
import { AuditPendingStore } from '../store/audit-pending.store.js';

/** Revokes a key: in the database first, then at every gateway at once. */
@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeysStore,
    private readonly audit: AuditPendingStore,
    private readonly revocations: Revocations,
  ) {}

  /** @throws AppError `not_found`, also for one that was revoked before. */
  async run(context: CommandContext, id: KeyId): Promise<void> {
    await this.database.asTenant(context, async (tx) => {
      if (!(await this.keys.revoke(tx, context, id))) throw notFound('API key');
      await this.audit.add(tx, [apiKeyRevoked(context, id)]);
    });
    this.revocations.announce(id);
  }
}
