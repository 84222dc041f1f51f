import { Controller } from '@nestjs/common';
import {
  CancelMessage,
  CancelMessageRoute,
  ReleaseMessage,
  ReleaseMessageRoute,
  type RouteInput,
  UpdateMessage,
  UpdateMessageRoute,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class MessageChangesController {
  constructor(private readonly commands: CommandClient) {}

  @Route(UpdateMessageRoute)
  update(@Asks() { context, readsWithheld }: Caller, @Input() { params, body }: RouteInput<typeof UpdateMessageRoute>) {
    return this.commands.ask(UpdateMessage, context, { id: params.id, body, readWithheld: readsWithheld });
  }

  @Route(CancelMessageRoute)
  cancel(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof CancelMessageRoute>) {
    return this.commands.ask(CancelMessage, context, { id: params.id });
  }

  @Route(ReleaseMessageRoute)
  release(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof ReleaseMessageRoute>) {
    return this.commands.ask(ReleaseMessage, context, { id: params.id });
  }
}
