import { Controller } from '@nestjs/common';
import { Batch, Consumes, type ConsumedBy } from '@postern/eventing';
import { ScanInbound, type JudgedMail } from './scan-inbound.js';

@Controller()
export class InboundController {
  constructor(private readonly scan: ScanInbound) {}

  /** One after the other, as with outbound mail. */
  @Consumes('scan__inbound')
  async onReceived(batch: Batch<ConsumedBy<'scan__inbound'>>): Promise<void> {
    const judged = new Map<string, JudgedMail>();
    for (const fact of batch.facts) judged.set(fact.id, await this.scan.judge(fact));
    await batch.once((tx, fresh) =>
      this.scan.decide(
        tx,
        fresh.flatMap(({ id }) => judged.get(id) ?? []),
      ),
    );
  }
}
