import { Controller } from '@nestjs/common';
import { addressKey, SuppressionAddedV1 } from '@postern/contracts';
import { Batch, Consumes, type ConsumedBy, inOneOrder } from '@postern/eventing';
import { SuppressedAddressStore } from '../store/suppressed-address.store.js';

/** Keeps the projection that lets a send to a suppressed address be refused at once. */
@Controller()
export class SuppressionsController {
  constructor(private readonly store: SuppressedAddressStore) {}

  @Consumes('messaging__suppressions')
  async onSuppressions(batch: Batch<ConsumedBy<'messaging__suppressions'>>): Promise<void> {
    await batch.once(async (tx, facts) => {
      const inOrder = inOneOrder(
        facts,
        ({ organizationId, mode, data: { suppression } }) =>
          `${organizationId} ${mode} ${addressKey(suppression.address)}`,
      );
      for (const fact of inOrder) {
        if (fact.type === SuppressionAddedV1.type) await this.store.add(tx, fact, fact.data.suppression);
        else await this.store.remove(tx, fact, fact.data.suppression);
      }
    });
  }
}
