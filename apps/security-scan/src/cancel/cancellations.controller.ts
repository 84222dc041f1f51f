import { Controller } from '@nestjs/common';
import { CancelApproval, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers, type Batch, type ConsumedBy, Consumes } from '@postern/eventing';
import { Cancellations } from './cancellations.js';

@Controller()
export class CancellationsController {
  constructor(private readonly cancellations: Cancellations) {}

  @Answers(CancelApproval)
  cancelApproval(context: CommandContext, { messageId }: CommandInput<typeof CancelApproval>) {
    return this.cancellations.cancelApproval(context, messageId);
  }

  @Consumes('scan__cancelled')
  async onCancelled(batch: Batch<ConsumedBy<'scan__cancelled'>>): Promise<void> {
    await batch.once((tx, fresh) =>
      this.cancellations.stopped(
        tx,
        fresh.map(({ organizationId, mode, data }) => ({ organizationId, mode, messageId: data.messageId })),
      ),
    );
  }
}
