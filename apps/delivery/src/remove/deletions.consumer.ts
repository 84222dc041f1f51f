import { Controller } from '@nestjs/common';
import { Batch, Consumes, Deletions, type ConsumedBy } from '@postern/eventing';

@Controller()
export class DeletionsConsumer {
  constructor(private readonly deletions: Deletions) {}

  @Consumes('delivery__deletions')
  async onDeleted(batch: Batch<ConsumedBy<'delivery__deletions'>>): Promise<void> {
    await batch.once((tx, facts) => this.deletions.hear(tx, facts));
  }
}
