import { Controller } from '@nestjs/common';
import { PreviewOutbound, type CommandContext, type CommandInput, type CommandOutput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { JudgeOutbound } from '../outbound/judge-outbound.js';
import { RuleOutbound } from '../outbound/rule-outbound.js';
import { PoliciesInForce } from '../policies/policies-in-force.js';

@Controller()
export class PreviewController {
  constructor(
    private readonly policies: PoliciesInForce,
    private readonly judge: JudgeOutbound,
    private readonly rules: RuleOutbound,
  ) {}

  /** Decides by the functions that decide about accepted messages; what they say is not kept. */
  @Answers(PreviewOutbound)
  async preview(
    context: CommandContext,
    { mime, ...about }: CommandInput<typeof PreviewOutbound>,
  ): Promise<CommandOutput<typeof PreviewOutbound>> {
    const { organizationId, mode } = context;
    const [inForce = []] = await this.policies.of([{ organizationId, mode, inboxId: about.message.inbox_id }]);
    const judged = await this.judge.preview(context, Buffer.from(mime, 'base64'), about, inForce);
    const { outcome, security, refused, hits } = await this.rules.preview(context, about, judged);
    return {
      // What would be redacted was judged in the version without personal data.
      outcome: outcome.kind === 'redacted' ? 'passed' : outcome.kind,
      reason: outcome.kind === 'rejected' ? outcome.reason : null,
      security,
      policyHits: hits,
      refused,
    };
  }
}
