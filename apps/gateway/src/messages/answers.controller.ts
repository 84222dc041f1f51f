import { Controller } from '@nestjs/common';
import { ForwardMessage, ForwardRoute, ReplyRoute, ReplyToMessage, type RouteInput } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { ChargedSend } from '../credits/charged-send.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

/** Sends that follow another message. */
@Controller()
export class AnswersController {
  constructor(
    private readonly commands: CommandClient,
    private readonly chargedSend: ChargedSend,
  ) {}

  @Route(ReplyRoute)
  reply(@Asks() caller: Caller, @Input() { params, body }: RouteInput<typeof ReplyRoute>) {
    const { context, inDoubt, sendsPerDay } = caller;
    return this.chargedSend.chargeAndWait(caller, (charged) =>
      this.commands.ask(ReplyToMessage, context, { id: params.id, body, inDoubt, sendsPerDay, ...charged }),
    );
  }

  @Route(ForwardRoute)
  forward(@Asks() caller: Caller, @Input() { params, body }: RouteInput<typeof ForwardRoute>) {
    const { context, inDoubt, sendsPerDay } = caller;
    return this.chargedSend.chargeAndWait(caller, (charged) =>
      this.commands.ask(ForwardMessage, context, { id: params.id, body, inDoubt, sendsPerDay, ...charged }),
    );
  }
}
