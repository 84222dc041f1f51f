import { Controller } from '@nestjs/common';
import { Batch, Consumes, type ConsumedBy } from '@postern/eventing';
import { AttachmentTexts } from '../search/attachment-texts.js';
import { TrackStatus } from './track-status.js';

@Controller()
export class TrackController {
  constructor(
    private readonly trackStatus: TrackStatus,
    private readonly attachmentTexts: AttachmentTexts,
  ) {}

  @Consumes('messaging__track')
  async onFacts(batch: Batch<ConsumedBy<'messaging__track'>>): Promise<void> {
    const texts = await this.attachmentTexts.read(batch.facts);
    await batch.once(async (tx, facts) => {
      await this.trackStatus.run(tx, facts);
      await this.attachmentTexts.keep(tx, facts, texts);
    });
  }
}
