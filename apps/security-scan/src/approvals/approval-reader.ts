import { Injectable } from '@nestjs/common';
import { isId, type Approval, type CommandContext, type ListApprovalsQuery, type Page } from '@postern/contracts';
import { Database, notFound } from '@postern/platform';
import { toApproval } from '../store/approval.row.js';
import { ApprovalStore } from '../store/approval.store.js';
import { readCursor, writeCursor } from './approval-cursor.js';

/** Shows approvals of the caller's tenant and inboxes. */
@Injectable()
export class ApprovalReader {
  constructor(
    private readonly database: Database,
    private readonly store: ApprovalStore,
  ) {}

  async list(context: CommandContext, query: ListApprovalsQuery): Promise<Page<Approval>> {
    const before = readCursor(query.cursor);
    const rows = await this.database.asTenant(context, (tx) =>
      this.store.list(tx, context, query, before, context.inboxIds),
    );
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    const more = rows.length > query.limit && last !== undefined;
    return { data: shown.map(toApproval), has_more: more, next_cursor: more ? writeCursor(last.id) : null };
  }

  /** @throws AppError `not_found` */
  async get(context: CommandContext, id: string): Promise<Approval> {
    if (!isId('apr', id)) throw notFound('approval');
    const row = await this.database.asTenant(context, (tx) => this.store.find(tx, context, id, context.inboxIds));
    if (row === null) throw notFound('approval');
    return toApproval(row);
  }
}
