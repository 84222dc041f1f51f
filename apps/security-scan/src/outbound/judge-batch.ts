import { Injectable } from '@nestjs/common';
import type { Batch, ConsumedBy } from '@postern/eventing';
import { PoliciesInForce } from '../policies/policies-in-force.js';
import { CountedTries } from '../tries/counted-tries.js';
import { JudgeOutbound } from './judge-outbound.js';
import type { Judged } from './outbound-message.js';

/** Judges the messages of a batch, each by the policies that are in force for it. No effects. */
@Injectable()
export class JudgeBatch {
  constructor(
    private readonly policies: PoliciesInForce,
    private readonly judge: JudgeOutbound,
    private readonly tries: CountedTries,
  ) {}

  /** One after the other: judging is work for the processor, and a mail at a time is enough to hold in memory. */
  async run({ facts, again }: Batch<ConsumedBy<'scan__outbound'>>): Promise<Map<string, Judged>> {
    const inForce = await this.policies.of(
      facts.map(({ organizationId, mode, data }) => ({ organizationId, mode, inboxId: data.message.inbox_id })),
    );
    const judged = new Map<string, Judged>();
    for (const [n, fact] of facts.entries()) {
      const policies = inForce[n] ?? [];
      const trial = {
        judge: () => this.judge.judge(fact, policies),
        giveUp: () => this.judge.unjudged(fact, policies),
      };
      judged.set(fact.id, await this.tries.run(fact, again, trial));
    }
    return judged;
  }
}
