import { Controller } from '@nestjs/common';
import { Batch, Consumes, type ConsumedBy } from '@postern/eventing';
import { ScanOutbound, type Judged } from './scan-outbound.js';

@Controller()
export class OutboundController {
  constructor(private readonly scan: ScanOutbound) {}

  /** One after the other: judging is work for the processor, and a mail at a time is enough to hold in memory. */
  @Consumes('scan__outbound')
  async onAccepted(batch: Batch<ConsumedBy<'scan__outbound'>>): Promise<void> {
    const judged = new Map<string, Judged>();
    for (const fact of batch.facts) judged.set(fact.id, await this.scan.judge(fact));
    await batch.once((tx, fresh) =>
      this.scan.decide(
        tx,
        fresh.flatMap(({ id }) => judged.get(id) ?? []),
      ),
    );
  }
}
