import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, ReleaseDomain } from '@postern/contracts';
import { Answers, Batch, Consumes, type ConsumedBy, inOneOrder } from '@postern/eventing';
import { Database } from '@postern/platform';
import { KnownDomainStore } from '../store/known-domain.store.js';

/** Keeps what messaging knows of domains. What it does not know yet is nobody's: no inbox, no mail. */
@Controller()
export class KnownDomainsController {
  constructor(
    private readonly database: Database,
    private readonly store: KnownDomainStore,
  ) {}

  @Consumes('messaging__domains')
  async onDomains(batch: Batch<ConsumedBy<'messaging__domains'>>): Promise<void> {
    await batch.once(async (tx, facts) => {
      const inOrder = inOneOrder(
        facts,
        ({ organizationId, mode, data: { domain } }) => `${organizationId} ${mode} ${domain.name}`,
      );
      for (const { organizationId, mode, data } of inOrder) {
        const { id, name, sending_status: sending } = data.domain;
        await this.store.note(tx, {
          organizationId,
          mode,
          id,
          name,
          version: data.version,
          owned: data.owned,
          maySend: sending === 'verified',
          isGone: data.change === 'deleted',
        });
      }
    });
  }

  @Answers(ReleaseDomain)
  async release(context: CommandContext, { name, version }: CommandInput<typeof ReleaseDomain>) {
    return { released: await this.database.transaction((tx) => this.store.release(tx, context, name, version)) };
  }
}
