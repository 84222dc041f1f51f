import { Injectable } from '@nestjs/common';
import {
  ALIGNED_FOR_RECEIVING,
  type CommandContext,
  type CommandInput,
  type CreateListEntry,
  isId,
  type ListEntry,
  ListEntryChangedV1,
  type ListListEntriesQuery,
  mayRequireAligned,
  newId,
  type Page,
  type UpdateListEntryBody,
} from '@postern/contracts';
import { Idempotent, Outbox, type Replay } from '@postern/eventing';
import {
  conflict,
  Database,
  notFound,
  readCursor,
  toPage,
  type Tx,
  unavailable,
  validationError,
} from '@postern/platform';
import { mustBeOwnInbox } from '../inboxes/own-inbox.js';
import { type ListEntryRow, ListEntryStore, toListEntry } from '../store/list-entry.store.js';
import { listEntryChanged } from './list-facts.js';

/** Of one organization in one mode. Nothing slows down with it; it ends a loop that makes entries. */
const ENTRIES_MAX = 10_000;

type Wanted = CommandInput<typeof CreateListEntry>;

/** The lists as tenants see and change them. What is committed here decides about everything that the guard looks at from then on. */
@Injectable()
export class ManageLists {
  constructor(
    private readonly database: Database,
    private readonly store: ListEntryStore,
    private readonly idempotent: Idempotent,
    private readonly outbox: Outbox,
  ) {}

  /** @throws AppError `validation_error` for a bad cursor. */
  async list(context: CommandContext, query: ListListEntriesQuery): Promise<Page<ListEntry>> {
    const before = readCursor('lst', query.cursor);
    const rows = await this.database.asTenant(context, (tx) => this.store.list(tx, context, query, before));
    return toPage(rows, query.limit, toListEntry);
  }

  /** @throws AppError `not_found` */
  async get(context: CommandContext, id: string): Promise<ListEntry> {
    const row = isId('lst', id)
      ? await this.database.asTenant(context, (tx) => this.store.find(tx, context, id))
      : null;
    if (row === null) throw notFound('list entry');
    return toListEntry(row);
  }

  /**
   * An entry that says the same already stays as it is, and is the answer.
   * @param wanted  its inbox exists.
   * @throws AppError `forbidden` when a key that is bound to inboxes asks for the whole organization; `not_found` for an inbox
   * that it is not bound to; `invalid_state` when there is another entry for the same inbox, direction and pattern.
   */
  async create(context: CommandContext, wanted: Wanted): Promise<ListEntry | Replay<ListEntry>> {
    mustBeOwnInbox(context, wanted.inbox_id);
    const replay = (id: string): Promise<ListEntry> => this.get(context, id);
    const earlier = await this.idempotent.earlier(context, replay);
    if (earlier !== null) return earlier;
    return this.idempotent.onceFound(context, {
      work: async (tx, take) => {
        const row = await this.addOrFind(tx, context, wanted);
        await take(row.id);
        return toListEntry(row);
      },
      replay,
    });
  }

  /** Absent fields stay. @throws AppError `not_found`; `validation_error` for a proven sender where it means nothing. */
  async update(context: CommandContext, id: string, body: UpdateListEntryBody): Promise<ListEntry> {
    if (!isId('lst', id)) throw notFound('list entry');
    return this.database.transaction(async (tx) => {
      const row = await this.store.lock(tx, context, id);
      if (row === null) throw notFound('list entry');
      const wanted = {
        ...row,
        kind: body.kind ?? row.kind,
        require_aligned: body.require_aligned ?? row.require_aligned,
        reason: body.reason === undefined ? row.reason : body.reason,
      };
      if (wanted.require_aligned && !mayRequireAligned(wanted)) {
        throw validationError([{ path: 'require_aligned', message: ALIGNED_FOR_RECEIVING }]);
      }
      const updated = await this.store.update(tx, context, wanted);
      await this.outbox.add(tx, ListEntryChangedV1, [listEntryChanged(context, 'updated', updated, context.keyId)]);
      return toListEntry(updated);
    });
  }

  /** @throws AppError `not_found` */
  async remove(context: CommandContext, id: string): Promise<Record<string, never>> {
    if (!isId('lst', id)) throw notFound('list entry');
    await this.database.transaction(async (tx) => {
      const row = await this.store.delete(tx, context, id);
      if (row === null) throw notFound('list entry');
      await this.outbox.add(tx, ListEntryChangedV1, [listEntryChanged(context, 'deleted', row, context.keyId)]);
    });
    return {};
  }

  private async addOrFind(tx: Tx, context: CommandContext, wanted: Wanted): Promise<ListEntryRow> {
    const added = await this.store.insert(tx, context, newId('lst'), wanted);
    if (added === null) return this.sameOrConflict(tx, context, wanted);
    if ((await this.store.count(tx, context, ENTRIES_MAX + 1)) > ENTRIES_MAX) {
      throw conflict(
        'invalid_state',
        `Delete list entries first: an organization has at most ${ENTRIES_MAX} in each mode.`,
      );
    }
    await this.outbox.add(tx, ListEntryChangedV1, [listEntryChanged(context, 'created', added, context.keyId)]);
    return added;
  }

  private async sameOrConflict(tx: Tx, context: CommandContext, wanted: Wanted): Promise<ListEntryRow> {
    const found = await this.store.findSame(tx, context, wanted);
    // Deleted between the two statements: the caller may ask again.
    if (found === null) throw unavailable();
    if (found.kind === wanted.kind && found.require_aligned === wanted.require_aligned) return found;
    throw conflict(
      'invalid_state',
      'Change or delete the entry in details.id: it says something else for this pattern.',
      {
        details: { id: found.id },
      },
    );
  }
}
