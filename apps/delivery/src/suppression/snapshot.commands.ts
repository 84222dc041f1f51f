import { Controller } from '@nestjs/common';
import { type CommandContext, type CommandInput, GetSuppressionSnapshot } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { SNAPSHOT_PAGE, SuppressionSnapshot } from '../store/suppression-snapshot.js';

/** Tells other services what is suppressed, for all tenants. */
@Controller()
export class SnapshotCommands {
  constructor(private readonly snapshot: SuppressionSnapshot) {}

  @Answers(GetSuppressionSnapshot)
  async page(_context: CommandContext, { after }: CommandInput<typeof GetSuppressionSnapshot>) {
    const data = await this.snapshot.page(after);
    const last = data.length < SNAPSHOT_PAGE ? undefined : data.at(-1);
    const next =
      last === undefined ? null : { organizationId: last.organizationId, mode: last.mode, address: last.address };
    return { data, next };
  }
}
