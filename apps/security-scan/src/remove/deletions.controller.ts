import { Controller } from '@nestjs/common';
import { Batch, Consumes, Deletions, type ConsumedBy } from '@postern/eventing';

@Controller()
export class DeletionsController {
  constructor(private readonly deletions: Deletions) {}

  @Consumes('scan__deletions')
  async onDeleted(batch: Batch<ConsumedBy<'scan__deletions'>>): Promise<void> {
    await batch.once((tx, facts) => this.deletions.hear(tx, facts));
  }
}
