import { Controller } from '@nestjs/common';
import {
  CreateDraft,
  DeleteDraft,
  GetDraft,
  ListDrafts,
  SendDraft as SendDraftCommand,
  UpdateDraft,
  type CommandContext,
  type CommandInput,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { Drafts } from './drafts.js';
import { SendDraft } from './send-draft.js';

@Controller()
export class DraftsController {
  constructor(
    private readonly drafts: Drafts,
    private readonly sendDraft: SendDraft,
  ) {}

  @Answers(CreateDraft)
  create(context: CommandContext, { inbox, body }: CommandInput<typeof CreateDraft>) {
    return this.drafts.create(context, inbox, body);
  }

  @Answers(ListDrafts)
  list(context: CommandContext, input: CommandInput<typeof ListDrafts>) {
    return this.drafts.list(context, input);
  }

  @Answers(GetDraft)
  get(context: CommandContext, { id }: CommandInput<typeof GetDraft>) {
    return this.drafts.get(context, id);
  }

  @Answers(UpdateDraft)
  update(context: CommandContext, { id, body }: CommandInput<typeof UpdateDraft>) {
    return this.drafts.update(context, id, body);
  }

  @Answers(DeleteDraft)
  async delete(context: CommandContext, { id }: CommandInput<typeof DeleteDraft>) {
    await this.drafts.delete(context, id);
    return {};
  }

  @Answers(SendDraftCommand)
  send(context: CommandContext, input: CommandInput<typeof SendDraftCommand>) {
    return this.sendDraft.run(context, input);
  }
}
