import { Controller } from '@nestjs/common';
import {
  CreateListEntry,
  CreateListEntryRoute,
  DeleteListEntry,
  DeleteListEntryRoute,
  GetListEntry,
  GetListEntryRoute,
  ListListEntries,
  ListListEntriesRoute,
  type RouteInput,
  UpdateListEntry,
  UpdateListEntryRoute,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { Subjects } from '../edge/subjects.js';

@Controller()
export class ListsController {
  constructor(
    private readonly commands: CommandClient,
    private readonly subjects: Subjects,
  ) {}

  @Route(ListListEntriesRoute)
  list(@Asks() { context }: Caller, @Input() { query }: RouteInput<typeof ListListEntriesRoute>) {
    return this.commands.ask(ListListEntries, context, query);
  }

  @Route(CreateListEntryRoute)
  async create(@Asks() caller: Caller, @Input() { body }: RouteInput<typeof CreateListEntryRoute>) {
    if (body.inbox_id !== null) await this.subjects.mustExist('inbox', caller, { inbox: body.inbox_id });
    return this.commands.ask(CreateListEntry, caller.context, body);
  }

  @Route(GetListEntryRoute)
  get(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof GetListEntryRoute>) {
    return this.commands.ask(GetListEntry, context, params);
  }

  @Route(UpdateListEntryRoute)
  update(@Asks() { context }: Caller, @Input() { params, body }: RouteInput<typeof UpdateListEntryRoute>) {
    return this.commands.ask(UpdateListEntry, context, { id: params.id, body });
  }

  @Route(DeleteListEntryRoute)
  remove(@Asks() { context }: Caller, @Input() { params }: RouteInput<typeof DeleteListEntryRoute>) {
    return this.commands.ask(DeleteListEntry, context, params);
  }
}
