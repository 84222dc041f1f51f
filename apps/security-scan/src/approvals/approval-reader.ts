import { Injectable } from '@nestjs/common';
import { isId, type Approval, type CommandContext, type ListApprovalsQuery, type Page } from '@postern/contracts';
import { Database, notFound, readCursor, toPage } from '@postern/platform';
import { toApproval } from '../store/approval.row.js';
import { ApprovalStore } from '../store/approval.store.js';

/** Shows approvals of the caller's tenant and inboxes. */
@Injectable()
export class ApprovalReader {
  constructor(
    private readonly database: Database,
    private readonly store: ApprovalStore,
  ) {}

  async list(context: CommandContext, query: ListApprovalsQuery): Promise<Page<Approval>> {
    const before = readCursor('apr', query.cursor);
    const rows = await this.database.asTenant(context, (tx) =>
      this.store.list(tx, context, query, before, context.inboxIds),
    );
    return toPage(rows, query.limit, toApproval);
  }

  /** @throws AppError `not_found` */
  async get(context: CommandContext, id: string): Promise<Approval> {
    if (!isId('apr', id)) throw notFound('approval');
    const row = await this.database.asTenant(context, (tx) => this.store.find(tx, context, id, context.inboxIds));
    if (row === null) throw notFound('approval');
    return toApproval(row);
  }
}
