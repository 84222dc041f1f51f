import { Injectable } from '@nestjs/common';
import { type Approval, type CommandContext, isId, type KeyId } from '@postern/contracts';
import { Idempotent, Replay } from '@postern/eventing';
import { conflict, forbidden, notFound, type Tx } from '@postern/platform';
import type { ApprovalRow } from '../store/approval.row.js';
import { ApprovalStore } from '../store/approval.store.js';
import { ApprovalReader } from './approval-reader.js';

/** Opens a waiting approval for one decision: once per idempotency key, in one transaction, for whoever may decide. */
@Injectable()
export class OpenApproval {
  constructor(
    private readonly store: ApprovalStore,
    private readonly idempotent: Idempotent,
    private readonly reader: ApprovalReader,
  ) {}

  /**
   * @param decide  gets the approval locked and pending.
   * @throws AppError `not_found`; `forbidden` for the key that sent the message; `invalid_state` when it is decided or expired.
   */
  async run(
    context: CommandContext,
    id: string,
    decide: (tx: Tx, row: ApprovalRow, keyId: KeyId) => Promise<void>,
  ): Promise<Approval | Replay<Approval>> {
    const earlier = await this.earlier(context, id);
    if (earlier !== null) return earlier;
    const decided = await this.idempotent.onceFound(context, {
      work: async (tx, take) => {
        const row = await this.store.lock(tx, context, id, context.inboxIds);
        if (row === null) throw notFound('approval');
        const keyId = decidingKey(context, row);
        await take(id);
        mustWait(row.overdue ? 'expired' : row.status);
        await decide(tx, row, keyId);
      },
      replay: () => this.again(context, id),
    });
    return decided instanceof Replay ? decided : this.reader.get(context, id);
  }

  /** What an earlier call with the same idempotency key led to; null when there was none. @throws as {@link run} does. */
  async earlier(context: CommandContext, id: string): Promise<Replay<Approval> | null> {
    if (!isId('apr', id)) throw notFound('approval');
    return this.idempotent.earlier(context, () => this.again(context, id));
  }

  /** A repeat does not win over the rule who may decide. */
  private async again(context: CommandContext, id: string): Promise<Approval> {
    const approval = await this.reader.get(context, id);
    decidingKey(context, approval);
    return approval;
  }
}

/** @throws AppError `forbidden`: never the key that asked for the message to be sent, and never none. */
export function decidingKey(context: CommandContext, row: Pick<ApprovalRow, 'requested_by'>): KeyId {
  if (context.keyId === null) throw forbidden('Use an API key of the organization to decide on a message.');
  if (context.keyId === row.requested_by) {
    throw forbidden('Use another key: the one that sent a message cannot decide on it.');
  }
  return context.keyId;
}

/** @throws AppError `invalid_state`. */
export function mustWait(status: ApprovalRow['status']): void {
  if (status !== 'pending') throw conflict('invalid_state', `Nothing is left to decide: the approval is ${status}.`);
}

/** @throws AppError `approval_outdated`, also while the next version is being made. */
export function mustBeCurrent(waiting: { content_hash: string; revising?: unknown }, contentHash: string): void {
  if (contentHash === waiting.content_hash && !waiting.revising) return;
  throw conflict('approval_outdated', 'Read the approval again: another version of the message is waiting now.');
}

export const decidedBefore = () =>
  conflict('invalid_state', 'Another key has to decide: this one has decided on this version already.');
