import { Controller } from '@nestjs/common';
import {
  CreateInbox as CreateInboxCommand,
  GetInbox,
  ListInboxes,
  PauseInbox,
  ResolveAddress,
  ResumeInbox,
  UpdateInbox,
  type CommandContext,
  type CommandInput,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { Database } from '@postern/platform';
import { InboxStore } from '../store/inbox.store.js';
import { CreateInbox } from './create-inbox.js';
import { Inboxes } from './inboxes.js';

@Controller()
export class InboxesController {
  constructor(
    private readonly createInbox: CreateInbox,
    private readonly inboxes: Inboxes,
    private readonly store: InboxStore,
    private readonly database: Database,
  ) {}

  @Answers(CreateInboxCommand)
  create(context: CommandContext, body: CommandInput<typeof CreateInboxCommand>) {
    return this.createInbox.run(context, body);
  }

  @Answers(ListInboxes)
  list(context: CommandContext, query: CommandInput<typeof ListInboxes>) {
    return this.inboxes.list(context, query);
  }

  @Answers(GetInbox)
  get(context: CommandContext, { inbox }: CommandInput<typeof GetInbox>) {
    return this.inboxes.get(context, inbox);
  }

  @Answers(UpdateInbox)
  update(context: CommandContext, { inbox, body }: CommandInput<typeof UpdateInbox>) {
    return this.inboxes.update(context, inbox, body);
  }

  @Answers(PauseInbox)
  pause(context: CommandContext, { inbox }: CommandInput<typeof PauseInbox>) {
    return this.inboxes.setStatus(context, inbox, 'paused');
  }

  @Answers(ResumeInbox)
  resume(context: CommandContext, { inbox }: CommandInput<typeof ResumeInbox>) {
    return this.inboxes.setStatus(context, inbox, 'active');
  }

  @Answers(ResolveAddress)
  async resolve(_context: CommandContext, { address }: CommandInput<typeof ResolveAddress>) {
    return { owner: await this.store.ownerOf(this.database, address) };
  }
}
