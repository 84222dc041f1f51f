import { Controller } from '@nestjs/common';
import { type RouteInput, SendBatchRoute } from '@postern/contracts';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { SendBatch } from './send-batch.js';

@Controller()
export class BatchController {
  constructor(private readonly sendBatch: SendBatch) {}

  @Route(SendBatchRoute)
  send(@Asks() caller: Caller, @Input() { body }: RouteInput<typeof SendBatchRoute>) {
    return this.sendBatch.run(caller, body.messages);
  }
}
