import { Controller } from '@nestjs/common';
import { type RouteInput, SendFromRoute, type SendMessageBody, SendMessageRoute } from '@postern/contracts';
import { ChargedSend } from '../credits/charged-send.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class SendController {
  constructor(private readonly chargedSend: ChargedSend) {}

  @Route(SendMessageRoute)
  send(@Asks() caller: Caller, @Input() { params, body }: RouteInput<typeof SendMessageRoute>) {
    return this.ask(caller, params.inbox, body);
  }

  @Route(SendFromRoute)
  sendFrom(@Asks() caller: Caller, @Input() { body }: RouteInput<typeof SendFromRoute>) {
    const { inbox_id: inbox, ...message } = body;
    return this.ask(caller, inbox, message);
  }

  private ask(caller: Caller, inbox: string, body: SendMessageBody) {
    return this.chargedSend.run(caller, { inbox, body, inDoubt: caller.inDoubt, sendsPerDay: caller.sendsPerDay });
  }
}
