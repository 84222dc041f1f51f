import { Injectable } from '@nestjs/common';
import { DomainChangedV1, type KeyId } from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { shownDomain, type StoredDomain } from '../store/domains.js';

/** Tells what became of domains. */
@Injectable()
export class DomainFacts {
  constructor(private readonly outbox: Outbox) {}

  async tell(
    tx: Tx,
    domain: StoredDomain,
    change: 'created' | 'updated' | 'verified' | 'deleted',
    actor: KeyId | null,
  ): Promise<void> {
    const { organizationId, mode, owned, version } = domain;
    await this.outbox.add(tx, DomainChangedV1, [
      { organizationId, mode, data: { change, domain: shownDomain(domain), owned, version, actor } },
    ]);
  }
}
