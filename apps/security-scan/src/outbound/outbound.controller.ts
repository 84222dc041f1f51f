import { Controller } from '@nestjs/common';
import { Batch, Consumes, Tombstones, type ConsumedBy } from '@postern/eventing';
import { ScanOutbound, type Judged } from './scan-outbound.js';

@Controller()
export class OutboundController {
  constructor(
    private readonly scan: ScanOutbound,
    private readonly tombstones: Tombstones,
  ) {}

  /** One after the other: judging is work for the processor, and a mail at a time is enough to hold in memory. */
  @Consumes('scan__outbound')
  async onAccepted(batch: Batch<ConsumedBy<'scan__outbound'>>): Promise<void> {
    const judged = new Map<string, Judged>();
    for (const fact of batch.facts) judged.set(fact.id, await this.scan.judge(fact));
    await batch.once(async (tx, fresh) => {
      const wanted = await this.tombstones.withoutDeleted(tx, fresh, ({ organizationId, mode, data }) => ({
        organizationId,
        mode,
        messageId: data.dispatch.messageId,
      }));
      await this.scan.decide(
        tx,
        wanted.flatMap(({ id }) => judged.get(id) ?? []),
      );
    });
  }
}
