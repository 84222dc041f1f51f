import { Controller } from '@nestjs/common';
import { PreviewOutbound, type CommandContext, type CommandInput, type CommandOutput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { ScanOutbound } from '../outbound/scan-outbound.js';

@Controller()
export class PreviewController {
  constructor(private readonly scan: ScanOutbound) {}

  /** Decides by the function that decides about accepted messages; what it says is not kept. */
  @Answers(PreviewOutbound)
  async preview(
    context: CommandContext,
    { mime, ...about }: CommandInput<typeof PreviewOutbound>,
  ): Promise<CommandOutput<typeof PreviewOutbound>> {
    const { verdict, outcome } = await this.scan.judgeOctets(context, Buffer.from(mime, 'base64'), about);
    return {
      outcome: outcome.kind,
      reason: outcome.kind === 'rejected' ? outcome.reason : null,
      security: verdict.security,
      policyHits: [],
    };
  }
}
