import { Controller } from '@nestjs/common';
import { Batch, Consumes, Tombstones, type ConsumedBy } from '@postern/eventing';
import { JudgeBatch } from './judge-batch.js';
import { RuleOutbound } from './rule-outbound.js';
import { ScanOutbound } from './scan-outbound.js';

@Controller()
export class OutboundController {
  constructor(
    private readonly judge: JudgeBatch,
    private readonly rules: RuleOutbound,
    private readonly scan: ScanOutbound,
    private readonly tombstones: Tombstones,
  ) {}

  @Consumes('scan__outbound')
  async onAccepted(batch: Batch<ConsumedBy<'scan__outbound'>>): Promise<void> {
    const judged = await this.judge.run(batch);
    await batch.once(async (tx, fresh) => {
      const wanted = await this.tombstones.withoutDeleted(tx, fresh, ({ organizationId, mode, data }) => ({
        organizationId,
        mode,
        messageId: data.dispatch.messageId,
      }));
      const decided = await this.rules.decide(
        tx,
        wanted.flatMap(({ id }) => judged.get(id) ?? []),
      );
      await this.scan.keep(tx, decided);
    });
  }
}
