import { Controller } from '@nestjs/common';
import {
  ApproveMessage,
  EditMessage,
  GetApproval,
  ListApprovals,
  RejectMessage,
  type CommandContext,
  type CommandInput,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { ApprovalReader } from './approval-reader.js';
import { DecideApproval } from './decide-approval.js';
import { EditApproval } from './edit-approval.js';

@Controller()
export class ApprovalsController {
  constructor(
    private readonly reader: ApprovalReader,
    private readonly decide: DecideApproval,
    private readonly editApproval: EditApproval,
  ) {}

  @Answers(ListApprovals)
  list(context: CommandContext, query: CommandInput<typeof ListApprovals>) {
    return this.reader.list(context, query);
  }

  @Answers(GetApproval)
  get(context: CommandContext, { id }: CommandInput<typeof GetApproval>) {
    return this.reader.get(context, id);
  }

  @Answers(ApproveMessage)
  approve(context: CommandContext, { id, body }: CommandInput<typeof ApproveMessage>) {
    return this.decide.approve(context, id, body);
  }

  @Answers(EditMessage)
  edit(context: CommandContext, { id, body, edit }: CommandInput<typeof EditMessage>) {
    return this.editApproval.run(context, id, body, edit);
  }

  @Answers(RejectMessage)
  reject(context: CommandContext, { id, body, contentHash }: CommandInput<typeof RejectMessage>) {
    return this.decide.reject(context, id, body, contentHash);
  }
}
