import { Injectable } from '@nestjs/common';
import type { CommandContext, KeyId } from '@postern/contracts';
import { notFound } from '@postern/platform';
import { Revocations } from '../auth/revocations.js';
import { ApiKeysStore } from '../store/api-keys.store.js';

/** Revokes a key: in the database first, then at every gateway at once. */
@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly keys: ApiKeysStore,
    private readonly revocations: Revocations,
  ) {}

  /** @throws AppError `not_found`, also for one that was revoked before. */
  async run(context: CommandContext, id: KeyId): Promise<void> {
    if (!(await this.keys.revoke(context, id))) throw notFound('API key');
    this.revocations.announce(id);
  }
}
