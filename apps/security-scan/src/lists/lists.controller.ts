import { Controller } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  CreateListEntry,
  DeleteListEntry,
  GetListEntry,
  GetListSnapshot,
  ListListEntries,
  UpdateListEntry,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { Database } from '@postern/platform';
import { ListEntryStore, SNAPSHOT_PAGE } from '../store/list-entry.store.js';
import { ManageLists } from './manage-lists.js';

@Controller()
export class ListsController {
  constructor(
    private readonly lists: ManageLists,
    private readonly database: Database,
    private readonly store: ListEntryStore,
  ) {}

  @Answers(ListListEntries)
  list(context: CommandContext, query: CommandInput<typeof ListListEntries>) {
    return this.lists.list(context, query);
  }

  @Answers(GetListEntry)
  get(context: CommandContext, { id }: CommandInput<typeof GetListEntry>) {
    return this.lists.get(context, id);
  }

  @Answers(CreateListEntry)
  create(context: CommandContext, wanted: CommandInput<typeof CreateListEntry>) {
    return this.lists.create(context, wanted);
  }

  @Answers(UpdateListEntry)
  update(context: CommandContext, { id, body }: CommandInput<typeof UpdateListEntry>) {
    return this.lists.update(context, id, body);
  }

  @Answers(DeleteListEntry)
  remove(context: CommandContext, { id }: CommandInput<typeof DeleteListEntry>) {
    return this.lists.remove(context, id);
  }

  /** Tells other services what the lists say, for all tenants. */
  @Answers(GetListSnapshot)
  async snapshot(_context: CommandContext, { after }: CommandInput<typeof GetListSnapshot>) {
    const data = await this.store.snapshot(this.database, after);
    const last = data.length < SNAPSHOT_PAGE ? undefined : data.at(-1);
    const next = last === undefined ? null : { organizationId: last.organizationId, mode: last.mode, id: last.id };
    return { data, next };
  }
}
