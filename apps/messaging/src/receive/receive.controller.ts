import { Controller } from '@nestjs/common';
import { Batch, Consumes, type ConsumedBy } from '@postern/eventing';
import { LateMail } from '../remove/late-mail.js';
import { AttachmentTexts } from '../search/attachment-texts.js';
import { ReceiveMail } from './receive-mail.js';

@Controller()
export class ReceiveController {
  constructor(
    private readonly receiveMail: ReceiveMail,
    private readonly lateMail: LateMail,
    private readonly attachmentTexts: AttachmentTexts,
  ) {}

  @Consumes('messaging__receive')
  async onScanned(batch: Batch<ConsumedBy<'messaging__receive'>>): Promise<void> {
    const ready = new Map(
      await Promise.all(batch.facts.map(async (fact) => [fact.id, await this.receiveMail.prepare(fact)] as const)),
    );
    const texts = await this.attachmentTexts.read(batch.facts);
    await batch.once(async (tx, fresh) => {
      const mails = await this.lateMail.turnAway(
        tx,
        fresh.flatMap(({ id }) => ready.get(id) ?? []),
      );
      if (mails.length > 0) await this.receiveMail.store(tx, mails);
      await this.attachmentTexts.keep(tx, fresh, texts);
    });
  }
}
