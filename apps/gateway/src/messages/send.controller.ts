import { Controller } from '@nestjs/common';
import {
  newId,
  type RouteInput,
  SendFromRoute,
  SendMessage,
  type SendMessageBody,
  SendMessageRoute,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class SendController {
  constructor(private readonly commands: CommandClient) {}

  @Route(SendMessageRoute)
  send(@Asks() caller: Caller, @Input() { params, body }: RouteInput<typeof SendMessageRoute>) {
    return this.ask(caller, params.inbox, body);
  }

  @Route(SendFromRoute)
  sendFrom(@Asks() caller: Caller, @Input() { body }: RouteInput<typeof SendFromRoute>) {
    const { inbox_id: inbox, ...message } = body;
    return this.ask(caller, inbox, message);
  }

  /** The gateway makes the message's id, so that what it reserves for a message can be matched with it. */
  private ask({ context, inDoubt, sendsPerDay }: Caller, inbox: string, body: SendMessageBody) {
    return this.commands.ask(SendMessage, context, { inbox, messageId: newId('msg'), body, inDoubt, sendsPerDay });
  }
}
