import { Controller } from '@nestjs/common';
import { type Preview, PreviewMessage, PreviewMessageRoute, type RouteInput } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { readsOf } from '../credits/charged-send.js';
import { CreditDesk } from '../credits/credit-desk.js';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

/** HTTP contract: one credit for each outbound message, none in test mode. */
const CREDITS_OF_A_MESSAGE = 1;

@Controller()
export class PreviewController {
  constructor(
    private readonly commands: CommandClient,
    private readonly desk: CreditDesk,
  ) {}

  @Route(PreviewMessageRoute)
  async preview(
    @Asks() caller: Caller,
    @Input() { params, body }: RouteInput<typeof PreviewMessageRoute>,
  ): Promise<Answer<Preview>> {
    const credits = await this.creditsOf(caller);
    const exhausted = credits.remaining !== null && credits.remaining < credits.needed;
    const { value } = await this.commands.ask(PreviewMessage, caller.context, {
      inbox: params.inbox,
      body,
      sendsPerDay: caller.sendsPerDay,
      reads: readsOf(caller),
      ...(exhausted && { creditsExhausted: true }),
    });
    return fresh({ ...value, credits });
  }

  private async creditsOf({ context, creditsPerMonth }: Caller): Promise<Preview['credits']> {
    if (context.mode === 'test') return { needed: 0, remaining: creditsPerMonth };
    if (creditsPerMonth === null) return { needed: CREDITS_OF_A_MESSAGE, remaining: null };
    const { remaining } = await this.desk.show(context.organizationId);
    return { needed: CREDITS_OF_A_MESSAGE, remaining };
  }
}
