import { Controller } from '@nestjs/common';
import {
  ApproveMessage,
  ApproveRoute,
  DecideRoute,
  EditMessage,
  GetApproval,
  GetApprovalRoute,
  ListApprovals,
  ListApprovalsRoute,
  RejectMessage,
  RejectRoute,
  type RouteInput,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { DecideMany } from './decide-many.js';

@Controller()
export class ApprovalsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly decideMany: DecideMany,
  ) {}

  @Route(ListApprovalsRoute)
  list(@Asks() { context }: Caller, @Input() { query }: RouteInput<typeof ListApprovalsRoute>) {
    return this.commands.ask(ListApprovals, context, query);
  }

  @Route(GetApprovalRoute)
  get(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof GetApprovalRoute>) {
    return this.commands.ask(GetApproval, context, params);
  }

  @Route(DecideRoute)
  decide(@Asks() caller: Caller, @Input() { body }: RouteInput<typeof DecideRoute>) {
    return this.decideMany.run(caller, body.decisions);
  }

  @Route(ApproveRoute)
  approve(@Asks() { context }: Caller, @Input() { params, body }: RouteInput<typeof ApproveRoute>) {
    const { edit, ...plain } = body;
    return edit === undefined
      ? this.commands.ask(ApproveMessage, context, { id: params.id, body: plain })
      : this.commands.ask(EditMessage, context, { id: params.id, body: plain, edit });
  }

  @Route(RejectRoute)
  reject(@Asks() { context }: Caller, @Input() { params, body }: RouteInput<typeof RejectRoute>) {
    return this.commands.ask(RejectMessage, context, { id: params.id, body });
  }
}
