import { Controller, Headers, Res } from '@nestjs/common';
import { ListEvents, ListEventsRoute, type RouteInput, StreamEventsRoute } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { validationError } from '@postern/platform';
import type { FastifyReply } from 'fastify';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { EventStreams } from './event-streams.js';
import { lastEventIdOf } from './frame.js';

@Controller()
export class EventsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly streams: EventStreams,
  ) {}

  @Route(ListEventsRoute)
  list(@Asks() { context }: Caller, @Input() { query }: RouteInput<typeof ListEventsRoute>) {
    return this.commands.ask(ListEvents, context, query);
  }

  @Route(StreamEventsRoute)
  async stream(
    @Asks() caller: Caller,
    @Input() { query }: RouteInput<typeof StreamEventsRoute>,
    @Headers('last-event-id') header: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<Answer<null>> {
    const lastEventId = lastEventIdOf(header);
    if (Number.isNaN(lastEventId))
      throw validationError([{ path: 'Last-Event-ID', message: 'must be the sequence of an event' }]);
    const stream = await this.streams.open(caller, { ...query, after: lastEventId ?? query.after });
    // nginx would keep events back until it has a buffer full of them. The connection is of no use after the stream: kept open
    // it would hold up a gateway that stops.
    void reply.headers({ 'x-accel-buffering': 'no', connection: 'close' });
    // Not returned: Nest would hold it through an iterator and a transform, half of what an idle stream weighs.
    void reply.send(stream);
    return fresh(null);
  }
}
