import { Controller } from '@nestjs/common';
import {
  ExpectReply,
  ExpectReplyRoute,
  GetThread,
  GetThreadRoute,
  ListThreadMessages,
  ListThreadMessagesRoute,
  ListThreads,
  ListThreadsRoute,
  type RouteInput,
  UpdateThread,
  UpdateThreadRoute,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class ThreadsController {
  constructor(private readonly commands: CommandClient) {}

  @Route(ListThreadsRoute)
  list(@Asks() { context }: Caller, @Input() { params, query }: RouteInput<typeof ListThreadsRoute>) {
    return this.commands.ask(ListThreads, context, { inbox: params.inbox, query });
  }

  @Route(GetThreadRoute)
  get(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof GetThreadRoute>) {
    return this.commands.ask(GetThread, context, params);
  }

  @Route(ListThreadMessagesRoute)
  listMessages(
    @Asks() { context, readsWithheld }: Caller,
    @Input() { params, query }: RouteInput<typeof ListThreadMessagesRoute>,
  ) {
    return this.commands.ask(ListThreadMessages, context, { id: params.id, query, readWithheld: readsWithheld });
  }

  @Route(UpdateThreadRoute)
  update(@Asks() { context }: Caller, @Input() { params, body }: RouteInput<typeof UpdateThreadRoute>) {
    return this.commands.ask(UpdateThread, context, { id: params.id, body });
  }

  @Route(ExpectReplyRoute)
  expectReply(@Asks() { context }: Caller, @Input() { params, body }: RouteInput<typeof ExpectReplyRoute>) {
    return this.commands.ask(ExpectReply, context, { id: params.id, by: body.by });
  }
}
