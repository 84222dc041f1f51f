import { Controller } from '@nestjs/common';
import {
  CreateInbox,
  CreateInboxRoute,
  GetInbox,
  GetInboxRoute,
  ListInboxes,
  ListInboxesRoute,
  PauseInbox,
  PauseInboxRoute,
  ResumeInbox,
  ResumeInboxRoute,
  type RouteInput,
  UpdateInbox,
  UpdateInboxRoute,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';

@Controller()
export class InboxesController {
  constructor(private readonly commands: CommandClient) {}

  @Route(CreateInboxRoute)
  create(@Asks() { context }: Caller, @Input() { body }: RouteInput<typeof CreateInboxRoute>) {
    return this.commands.ask(CreateInbox, context, body);
  }

  @Route(ListInboxesRoute)
  list(@Asks() { context }: Caller, @Input() { query }: RouteInput<typeof ListInboxesRoute>) {
    return this.commands.ask(ListInboxes, context, query);
  }

  @Route(GetInboxRoute)
  get(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof GetInboxRoute>) {
    return this.commands.ask(GetInbox, context, params);
  }

  @Route(UpdateInboxRoute)
  update(@Asks() { context }: Caller, @Input() { params, body }: RouteInput<typeof UpdateInboxRoute>) {
    return this.commands.ask(UpdateInbox, context, { inbox: params.inbox, body });
  }

  @Route(PauseInboxRoute)
  pause(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof PauseInboxRoute>) {
    return this.commands.ask(PauseInbox, context, params);
  }

  @Route(ResumeInboxRoute)
  resume(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof ResumeInboxRoute>) {
    return this.commands.ask(ResumeInbox, context, params);
  }
}
