import { Controller } from '@nestjs/common';
import { type Batch, type ConsumedBy, Consumes } from '@postern/eventing';
import { RefusedRevisions } from './refused-revisions.js';

@Controller()
export class RevisionsController {
  constructor(private readonly refused: RefusedRevisions) {}

  @Consumes('scan__revisions')
  async onRefused(batch: Batch<ConsumedBy<'scan__revisions'>>): Promise<void> {
    await batch.once((tx, fresh) => this.refused.run(tx, fresh));
  }
}
