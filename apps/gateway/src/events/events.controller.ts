import { Controller, Headers, Res } from '@nestjs/common';
import { ListEvents, ListEventsRoute, type RouteInput, StreamEventsRoute } from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { validationError } from '@postern/platform';
import type { FastifyReply } from 'fastify';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import type { EventStream } from './event-stream.js';
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
    await sendAlone(reply, stream, caller.gone());
    return fresh(null);
  }
}

/**
 * Sends a stream so that an idle one weighs little. A handler that returned it would keep it in an iterator and a transform, and
 * Nest waits for a reply, which is a promise of its end, with all that the call has made: so the reply is called done as
 * soon as the stream flows into it.
 */
async function sendAlone(reply: FastifyReply, stream: EventStream, gone: AbortSignal): Promise<void> {
  const flows = new Promise<void>((resolve) => {
    reply.raw.once('pipe', () => resolve());
    gone.addEventListener('abort', () => resolve(), { once: true });
  });
  void reply.send(stream);
  await flows;
  reply.hijack();
}
