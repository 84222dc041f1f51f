import { Controller } from '@nestjs/common';
import { CountEvents, GetMetricsRoute, type RouteInput } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class MetricsController {
  constructor(private readonly commands: CommandClient) {}

  @Route(GetMetricsRoute)
  get(@Asks() { context }: Caller, @Input() { query }: RouteInput<typeof GetMetricsRoute>) {
    const { metric, ...range } = query;
    return this.commands.ask(CountEvents, context, { metrics: metric, ...range });
  }
}
