import { Controller } from '@nestjs/common';
import { PreviewOutbound, type CommandContext, type CommandInput, type CommandOutput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { Database } from '@postern/platform';
import { withoutRefused } from '../lists/apply-lists.js';
import { ListGuard } from '../lists/list-guard.js';
import { ScanOutbound } from '../outbound/scan-outbound.js';

@Controller()
export class PreviewController {
  constructor(
    private readonly scan: ScanOutbound,
    private readonly lists: ListGuard,
    private readonly database: Database,
  ) {}

  /** Decides by the function that decides about accepted messages; what it says is not kept. */
  @Answers(PreviewOutbound)
  async preview(
    context: CommandContext,
    { mime, ...about }: CommandInput<typeof PreviewOutbound>,
  ): Promise<CommandOutput<typeof PreviewOutbound>> {
    const judged = await this.scan.judgeOctets(context, Buffer.from(mime, 'base64'), about);
    const asked = { ...context, ...outgoing(about) };
    const [refusals = []] = await this.lists.refused(this.database, [asked]);
    const ruled = { outcome: judged.outcome, security: judged.verdict.security };
    const { outcome, security, refused } = withoutRefused(ruled, asked.recipients.length, refusals);
    return {
      outcome: outcome.kind,
      reason: outcome.kind === 'rejected' ? outcome.reason : null,
      security,
      policyHits: [],
      refused,
    };
  }
}

/** Whom a copy would go to. */
const outgoing = ({ message, answers }: Pick<CommandInput<typeof PreviewOutbound>, 'message' | 'answers'>) => ({
  inboxId: message.inbox_id,
  recipients: message.recipients.filter(({ status }) => status === 'queued').map(({ address }) => address),
  answers,
});
