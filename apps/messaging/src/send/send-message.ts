import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { CommandContext, Message, MessageId } from '@postern/contracts';
import { Replay } from '@postern/eventing';
import { MessageReader } from '../read/message-reader.js';
import { toMessage } from '../store/message.mapper.js';
import { Acceptance } from './acceptance.js';
import { PlanKeeper } from './plan-keeper.js';
import type { SendPlan, SendWish } from './send-plan.js';
import { SendPlanner } from './send-planner.js';
import { StaleThread, ThreadMovedOn } from './stale-thread.js';

/**
 * Accepts an outbound message. Everything that can refuse it comes before the transaction; after the answer it is
 * committed, together with the fact that sends it on its way.
 */
@Injectable()
export class SendMessage implements OnModuleDestroy {
  constructor(
    private readonly planner: SendPlanner,
    private readonly keeper: PlanKeeper,
    private readonly acceptance: Acceptance,
    private readonly reader: MessageReader,
    private readonly staleThread: StaleThread,
  ) {}

  async run(context: CommandContext, wish: SendWish): Promise<Message | Replay<Message>> {
    const admission = await this.planner.admit(context, wish);
    if (admission.earlier !== null) return this.replay(context, admission.earlier);
    const plan = await this.planner.plan(context, wish, admission);
    const earlier = await this.commit(plan);
    return earlier === null ? toMessage(plan.message, true) : this.replay(context, earlier);
  }

  async onModuleDestroy(): Promise<void> {
    await this.acceptance.drain();
  }

  private async commit(plan: SendPlan): Promise<MessageId | null> {
    const accepted = await this.keeper.keep(plan);
    try {
      return await this.acceptance.commit(accepted);
    } catch (error) {
      if (error instanceof ThreadMovedOn) throw await this.staleThread.refusal(plan.context, error, plan.wish.reads);
      throw error;
    }
  }

  private async replay(context: CommandContext, id: string): Promise<Replay<Message>> {
    return new Replay(await this.reader.get(context, id, true));
  }
}
