import { Controller } from '@nestjs/common';
import {
  BacktestPolicy,
  CreatePolicy,
  DeletePolicy,
  GetPolicy,
  ListPolicies,
  UpdatePolicy,
  type CommandContext,
  type CommandInput,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { Backtest } from './backtest/backtest.js';
import { ManagePolicies } from './manage-policies.js';

@Controller()
export class PoliciesController {
  constructor(
    private readonly policies: ManagePolicies,
    private readonly backtest: Backtest,
  ) {}

  @Answers(CreatePolicy)
  create(context: CommandContext, settings: CommandInput<typeof CreatePolicy>) {
    return this.policies.create(context, settings);
  }

  @Answers(ListPolicies)
  list(context: CommandContext, query: CommandInput<typeof ListPolicies>) {
    return this.policies.list(context, query);
  }

  @Answers(GetPolicy)
  get(context: CommandContext, { id }: CommandInput<typeof GetPolicy>) {
    return this.policies.get(context, id);
  }

  @Answers(UpdatePolicy)
  update(context: CommandContext, { id, body }: CommandInput<typeof UpdatePolicy>) {
    return this.policies.update(context, id, body);
  }

  @Answers(DeletePolicy)
  async remove(context: CommandContext, { id }: CommandInput<typeof DeletePolicy>): Promise<Record<string, never>> {
    await this.policies.remove(context, id);
    return {};
  }

  @Answers(BacktestPolicy)
  test(context: CommandContext, { policy, since }: CommandInput<typeof BacktestPolicy>) {
    return this.backtest.run(context, policy, new Date(since));
  }
}
