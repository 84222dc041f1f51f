import { Controller } from '@nestjs/common';
import {
  DeleteInbox,
  DeleteInboxRoute,
  DeleteMessage,
  DeleteMessageRoute,
  DeleteThread,
  DeleteThreadRoute,
  type RouteInput,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class RemovalsController {
  constructor(private readonly commands: CommandClient) {}

  @Route(DeleteMessageRoute)
  removeMessage(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof DeleteMessageRoute>) {
    return this.commands.ask(DeleteMessage, context, params);
  }

  @Route(DeleteThreadRoute)
  removeThread(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof DeleteThreadRoute>) {
    return this.commands.ask(DeleteThread, context, params);
  }

  @Route(DeleteInboxRoute)
  removeInbox(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof DeleteInboxRoute>) {
    return this.commands.ask(DeleteInbox, context, params);
  }
}
