import { Controller } from '@nestjs/common';
import { ScanContent, ScanContentRoute, type RouteInput } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class ScanController {
  constructor(private readonly commands: CommandClient) {}

  @Route(ScanContentRoute)
  scan(@Asks() { context }: Caller, @Input() { body }: RouteInput<typeof ScanContentRoute>) {
    return this.commands.ask(ScanContent, context, body);
  }
}
