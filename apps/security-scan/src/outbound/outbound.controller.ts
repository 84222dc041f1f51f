import { Controller } from '@nestjs/common';
import { Batch, Consumes, Tombstones, type ConsumedBy } from '@postern/eventing';
import { PoliciesInForce } from '../policies/policies-in-force.js';
import { JudgeOutbound } from './judge-outbound.js';
import type { Judged, VersionFact } from './outbound-message.js';
import { RuleOutbound } from './rule-outbound.js';
import { ScanOutbound } from './scan-outbound.js';

@Controller()
export class OutboundController {
  constructor(
    private readonly policies: PoliciesInForce,
    private readonly judge: JudgeOutbound,
    private readonly rules: RuleOutbound,
    private readonly scan: ScanOutbound,
    private readonly tombstones: Tombstones,
  ) {}

  @Consumes('scan__outbound')
  async onAccepted(batch: Batch<ConsumedBy<'scan__outbound'>>): Promise<void> {
    const judged = await this.judgeAll(batch.facts);
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

  /** One after the other: judging is work for the processor, and a mail at a time is enough to hold in memory. */
  private async judgeAll(facts: readonly VersionFact[]): Promise<Map<string, Judged>> {
    const inForce = await this.policies.of(
      facts.map(({ organizationId, mode, data }) => ({ organizationId, mode, inboxId: data.message.inbox_id })),
    );
    const judged = new Map<string, Judged>();
    for (const [n, fact] of facts.entries()) judged.set(fact.id, await this.judge.judge(fact, inForce[n] ?? []));
    return judged;
  }
}
