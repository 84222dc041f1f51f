import { Controller } from '@nestjs/common';
import {
  CreateSuppression,
  CreateSuppressionRoute,
  DeleteSuppression,
  DeleteSuppressionRoute,
  ListSuppressions,
  ListSuppressionsRoute,
  type RouteInput,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class SuppressionsController {
  constructor(private readonly commands: CommandClient) {}

  @Route(ListSuppressionsRoute)
  list(@Asks() { context }: Caller, @Input() { query }: RouteInput<typeof ListSuppressionsRoute>) {
    return this.commands.ask(ListSuppressions, context, query);
  }

  @Route(CreateSuppressionRoute)
  create(@Asks() { context }: Caller, @Input() { body }: RouteInput<typeof CreateSuppressionRoute>) {
    return this.commands.ask(CreateSuppression, context, body);
  }

  @Route(DeleteSuppressionRoute)
  remove(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof DeleteSuppressionRoute>) {
    return this.commands.ask(DeleteSuppression, context, params);
  }
}
