import { Controller } from '@nestjs/common';
import { type Batch, type ConsumedBy, Consumes } from '@postern/eventing';
import { Lanes } from '../send/lanes.js';
import { SendStore } from '../store/sends.js';

/** Takes messages over that may be sent. */
@Controller()
export class AcceptConsumer {
  constructor(
    private readonly sends: SendStore,
    private readonly lanes: Lanes,
  ) {}

  @Consumes('delivery__accept')
  async accept(batch: Batch<ConsumedBy<'delivery__accept'>>): Promise<void> {
    await batch.once(async (tx, fresh) => {
      await this.sends.accept(tx, fresh);
    });
    this.lanes.wake();
  }
}
