import { Controller } from '@nestjs/common';
import { sameIdAs } from '@postern/contracts';
import { Batch, Consumes, Tombstones, type ConsumedBy } from '@postern/eventing';
import { CountedTries } from '../tries/counted-tries.js';
import { ScanInbound, type JudgedMail } from './scan-inbound.js';

@Controller()
export class InboundController {
  constructor(
    private readonly scan: ScanInbound,
    private readonly tries: CountedTries,
    private readonly tombstones: Tombstones,
  ) {}

  /** One after the other, as with outbound mail. */
  @Consumes('scan__inbound')
  async onReceived(batch: Batch<ConsumedBy<'scan__inbound'>>): Promise<void> {
    const judged = new Map<string, JudgedMail>();
    for (const fact of batch.facts) {
      const trial = { judge: () => this.scan.judge(fact), giveUp: () => this.scan.unjudged(fact) };
      judged.set(fact.id, await this.tries.run(fact, batch.again, trial));
    }
    await batch.once(async (tx, fresh) => {
      const wanted = await this.tombstones.withoutDeleted(tx, fresh, ({ organizationId, mode, data }) => ({
        organizationId,
        mode,
        messageId: sameIdAs('msg', data.mailId),
      }));
      await this.scan.decide(
        tx,
        wanted.flatMap(({ id }) => judged.get(id) ?? []),
      );
    });
  }
}
