import { Controller } from '@nestjs/common';
import { Batch, Consumes, type ConsumedBy } from '@postern/eventing';
import { ReceiveMail } from './receive-mail.js';

@Controller()
export class ReceiveController {
  constructor(private readonly receiveMail: ReceiveMail) {}

  @Consumes('messaging__receive')
  async onScanned(batch: Batch<ConsumedBy<'messaging__receive'>>): Promise<void> {
    const ready = new Map(
      await Promise.all(batch.facts.map(async (fact) => [fact.id, await this.receiveMail.prepare(fact)] as const)),
    );
    await batch.once((tx, fresh) =>
      this.receiveMail.store(
        tx,
        fresh.flatMap(({ id }) => ready.get(id) ?? []),
      ),
    );
  }
}
