import { Controller } from '@nestjs/common';
import {
  BacktestPolicy,
  BacktestPolicyRoute,
  CreatePolicy,
  CreatePolicyRoute,
  DeletePolicy,
  DeletePolicyRoute,
  GetPolicy,
  GetPolicyRoute,
  ListPolicies,
  ListPoliciesRoute,
  type RouteInput,
  UpdatePolicy,
  UpdatePolicyRoute,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { Subjects } from '../edge/subjects.js';

@Controller()
export class PoliciesController {
  constructor(
    private readonly commands: CommandClient,
    private readonly subjects: Subjects,
  ) {}

  @Route(CreatePolicyRoute)
  async create(@Asks() caller: Caller, @Input() { body }: RouteInput<typeof CreatePolicyRoute>) {
    await this.mustKnow(caller, body.inbox_id);
    return this.commands.ask(CreatePolicy, caller.context, body);
  }

  @Route(BacktestPolicyRoute)
  async backtest(@Asks() caller: Caller, @Input() { body }: RouteInput<typeof BacktestPolicyRoute>) {
    await this.mustKnow(caller, body.policy.inbox_id);
    return this.commands.ask(BacktestPolicy, caller.context, body);
  }

  @Route(ListPoliciesRoute)
  list(@Asks() { context }: Caller, @Input() { query }: RouteInput<typeof ListPoliciesRoute>) {
    return this.commands.ask(ListPolicies, context, query);
  }

  @Route(GetPolicyRoute)
  get(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof GetPolicyRoute>) {
    return this.commands.ask(GetPolicy, context, params);
  }

  @Route(UpdatePolicyRoute)
  async update(@Asks() caller: Caller, @Input() { params, body }: RouteInput<typeof UpdatePolicyRoute>) {
    await this.mustKnow(caller, body.inbox_id);
    return this.commands.ask(UpdatePolicy, caller.context, { id: params.id, body });
  }

  @Route(DeletePolicyRoute)
  remove(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof DeletePolicyRoute>) {
    return this.commands.ask(DeletePolicy, context, params);
  }

  /** The guard knows inboxes by what it is told of them; who owns one is for messaging to say. */
  private async mustKnow(caller: Caller, inboxId: string | null | undefined): Promise<void> {
    if (inboxId != null) await this.subjects.mustExist('inbox', caller, { inbox: inboxId });
  }
}
