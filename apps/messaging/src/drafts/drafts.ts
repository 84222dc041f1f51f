import { Injectable } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  type CreateDraftBody,
  type Draft,
  type ListDrafts,
  newId,
  type Page,
  type UpdateDraftBody,
} from '@postern/contracts';
import { Idempotent, type Replay } from '@postern/eventing';
import { Database, notFound, readCursor, toPage, type Tx } from '@postern/platform';
import { toDraft, type DraftRow } from '../store/draft.row.js';
import { DraftStore } from '../store/draft.store.js';
import type { InboxRow } from '../store/inbox.row.js';
import { InboxStore } from '../store/inbox.store.js';
import { changedFields } from './draft-changes.js';
import { DraftAttachments, mustFitIntoMessage, withIdsKept } from './draft-attachments.js';

/** Makes, shows, changes and deletes drafts. */
@Injectable()
export class Drafts {
  constructor(
    private readonly database: Database,
    private readonly store: DraftStore,
    private readonly inboxes: InboxStore,
    private readonly attachments: DraftAttachments,
    private readonly idempotent: Idempotent,
  ) {}

  async create(context: CommandContext, reference: string, body: CreateDraftBody): Promise<Draft | Replay<Draft>> {
    const replay = (id: string): Promise<Draft> => this.get(context, id);
    const earlier = await this.idempotent.earlier(context, replay);
    if (earlier !== null) return earlier;
    const inbox = await this.database.asTenant(context, (tx) => this.inbox(tx, context, reference));
    const row = await this.newRow(context, inbox, body);
    const work = async (tx: Tx): Promise<Draft> => {
      await this.store.insert(tx, row);
      return toDraft(row);
    };
    return this.idempotent.once(context, { resourceId: row.id, work, replay });
  }

  async get(context: CommandContext, id: string): Promise<Draft> {
    const row = await this.database.asTenant(context, (tx) => this.store.find(tx, context, id, context.inboxIds));
    if (row === null) throw notFound('draft');
    return toDraft(row);
  }

  async list(context: CommandContext, { inbox, query }: CommandInput<typeof ListDrafts>): Promise<Page<Draft>> {
    const before = readCursor('drf', query.cursor);
    const rows = await this.database.asTenant(context, async (tx) => {
      const { id } = await this.inbox(tx, context, inbox);
      return this.store.list(tx, context, id, before, query.limit);
    });
    return toPage(rows, query.limit, toDraft);
  }

  /** @throws AppError `not_found`, `validation_error`, `payload_too_large`. */
  async update(context: CommandContext, id: string, body: UpdateDraftBody): Promise<Draft> {
    // Absent leaves them, null takes them all away.
    const given = body.attachments === undefined ? null : await this.attachments.store(context, body.attachments ?? []);
    return this.database.asTenant(context, async (tx) => {
      const row = await this.store.lock(tx, context, id, context.inboxIds);
      if (row === null) throw notFound('draft');
      const fields = changedFields(row.fields, body);
      const attachments = given === null ? row.attachments : withIdsKept(given, row.attachments);
      mustFitIntoMessage(fields, attachments);
      const now = new Date();
      await this.store.update(tx, row, fields, now);
      if (given !== null) await this.store.replaceAttachments(tx, row, attachments, now);
      return toDraft({ ...row, fields, attachments, updated_at: now });
    });
  }

  async delete(context: CommandContext, id: string): Promise<void> {
    const deleted = await this.database.asTenant(context, (tx) => this.store.delete(tx, context, id, context.inboxIds));
    if (!deleted) throw notFound('draft');
  }

  private async inbox(tx: Tx, context: CommandContext, reference: string): Promise<InboxRow> {
    const inbox = await this.inboxes.find(tx, context, reference, context.inboxIds);
    if (inbox === null) throw notFound('inbox');
    return inbox;
  }

  private async newRow(context: CommandContext, inbox: InboxRow, body: CreateDraftBody): Promise<DraftRow> {
    const given = await this.attachments.store(context, body.attachments ?? []);
    const attachments = withIdsKept(given, []);
    const fields = changedFields({}, body);
    mustFitIntoMessage(fields, attachments);
    const now = new Date();
    return {
      organization_id: context.organizationId,
      mode: context.mode,
      id: newId('drf'),
      inbox_id: inbox.id,
      fields,
      version: 1,
      created_at: now,
      updated_at: now,
      attachments,
    };
  }
}
