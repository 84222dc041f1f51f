import { Controller } from '@nestjs/common';
import { Batch, Consumes, type ConsumedBy } from '@postern/eventing';
import { TrackStatus } from './track-status.js';

@Controller()
export class TrackController {
  constructor(private readonly trackStatus: TrackStatus) {}

  @Consumes('messaging__track')
  async onFacts(batch: Batch<ConsumedBy<'messaging__track'>>): Promise<void> {
    await batch.once((tx, facts) => this.trackStatus.run(tx, facts));
  }
}
