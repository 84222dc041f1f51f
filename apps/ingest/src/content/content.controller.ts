import { Controller } from '@nestjs/common';
import { ListContentInUse, type CommandContext, type CommandInput } from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { Database } from '@postern/platform';
import { contentInUse } from '../store/mail-content.store.js';

/** Tells the collection of unused content what mail on its way needs. */
@Controller()
export class ContentController {
  constructor(private readonly database: Database) {}

  @Answers(ListContentInUse)
  async inUse({ organizationId }: CommandContext, { sha256s }: CommandInput<typeof ListContentInUse>) {
    return { inUse: await contentInUse(this.database, organizationId, sha256s) };
  }
}
