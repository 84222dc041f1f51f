import { Controller } from '@nestjs/common';
import { ListEvents, ListEventsRoute, type RouteInput } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class EventsController {
  constructor(private readonly commands: CommandClient) {}

  @Route(ListEventsRoute)
  list(@Asks() { context }: Caller, @Input() { query }: RouteInput<typeof ListEventsRoute>) {
    return this.commands.ask(ListEvents, context, query);
  }
}
