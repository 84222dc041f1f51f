import { Controller } from '@nestjs/common';
import { CheckRevision as CheckRevisionCommand, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers, type Batch, type ConsumedBy, Consumes } from '@postern/eventing';
import { CheckRevision } from './check-revision.js';
import { PrepareRevision } from './prepare-revision.js';
import { RecordRevisions } from './record-revisions.js';

@Controller()
export class ReviseController {
  constructor(
    private readonly checkRevision: CheckRevision,
    private readonly prepare: PrepareRevision,
    private readonly record: RecordRevisions,
  ) {}

  @Answers(CheckRevisionCommand)
  check(context: CommandContext, input: CommandInput<typeof CheckRevisionCommand>) {
    return this.checkRevision.run(context, input);
  }

  /** One after the other: a version of up to 10 MB at a time is enough to compose. */
  @Consumes('messaging__revise')
  async onRequested(batch: Batch<ConsumedBy<'messaging__revise'>>): Promise<void> {
    const prepared = new Map<string, Awaited<ReturnType<PrepareRevision['run']>>>();
    for (const fact of batch.facts) prepared.set(fact.id, await this.prepare.run(fact));
    await batch.once((tx, fresh) =>
      this.record.run(
        tx,
        fresh.flatMap(({ id }) => prepared.get(id) ?? []),
      ),
    );
  }
}
