import { Controller } from '@nestjs/common';
import { GetMessageTimelineRoute, type RouteInput, type Timeline } from '@postern/contracts';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { AskTimeline } from './ask-timeline.js';

@Controller()
export class TimelineController {
  constructor(private readonly timeline: AskTimeline) {}

  @Route(GetMessageTimelineRoute)
  async ofMessage(
    @Asks() { context }: Caller,
    @Input() { params }: RouteInput<typeof GetMessageTimelineRoute>,
  ): Promise<Answer<Timeline>> {
    return fresh(await this.timeline.of(context, params.id));
  }
}
