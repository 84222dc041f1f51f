import { Injectable } from '@nestjs/common';
import {
  isId,
  ScanApprovalResolvedV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  type Approval,
  type ApproveBody,
  type CommandContext,
  type KeyId,
  type RejectBody,
} from '@postern/contracts';
import { IdempotencyKeys, Outbox, Replay } from '@postern/eventing';
import { conflict, Database, forbidden, notFound, type Tx } from '@postern/platform';
import type { ApprovalRow } from '../store/approval.row.js';
import { ApprovalStore, type NewDecision } from '../store/approval.store.js';
import { passedFact, rejectedFact, resolvedFact } from './approval-facts.js';
import { ApprovalReader } from './approval-reader.js';

/** Shown as the recipients' reason. A reviewer's own words stay with the decision. */
const REJECTED_BY_REVIEWER = 'Rejected by a reviewer.';

/** Rolls the transaction back when another call with the same idempotency key came first. */
class DoneBefore extends Error {}

/** Lets a held message go, or not, by the word of a person. */
@Injectable()
export class DecideApproval {
  constructor(
    private readonly database: Database,
    private readonly store: ApprovalStore,
    private readonly keys: IdempotencyKeys,
    private readonly outbox: Outbox,
    private readonly reader: ApprovalReader,
  ) {}

  /**
   * @throws AppError `not_found`; `forbidden` for the key that sent the message; `invalid_state` when it is decided,
   *   expired, or this key has spoken; `approval_outdated` when the hash is not that of the waiting version.
   */
  approve(context: CommandContext, id: string, body: ApproveBody): Promise<Approval | Replay<Approval>> {
    return this.once(context, id, async (tx, row, keyId) => {
      if (body.content_hash !== row.content_hash) {
        throw conflict('approval_outdated', 'Read the approval again: another version of the message is waiting now.');
      }
      const approvals = await this.say(tx, row, { keyId, decision: 'approve', note: body.note ?? null });
      if (approvals < row.required) return;
      await this.store.resolve(tx, row, 'approved');
      await this.outbox.add(tx, ScanOutboundPassedV1, [passedFact(row)]);
      await this.outbox.add(tx, ScanApprovalResolvedV1, [resolvedFact(row, 'approved', keyId)]);
    });
  }

  /** One no is enough. @throws AppError as {@link approve} does, but for `approval_outdated`. */
  reject(context: CommandContext, id: string, body: RejectBody): Promise<Approval | Replay<Approval>> {
    return this.once(context, id, async (tx, row, keyId) => {
      await this.say(tx, row, { keyId, decision: 'reject', note: body.reason ?? null });
      await this.store.resolve(tx, row, 'rejected');
      await this.outbox.add(tx, ScanOutboundRejectedV1, [rejectedFact(row, REJECTED_BY_REVIEWER)]);
      await this.outbox.add(tx, ScanApprovalResolvedV1, [resolvedFact(row, 'rejected', keyId)]);
    });
  }

  /** Runs a decision on a waiting approval, once per idempotency key, in one transaction. */
  private async once(
    context: CommandContext,
    id: string,
    decide: (tx: Tx, row: ApprovalRow, keyId: KeyId) => Promise<void>,
  ): Promise<Approval | Replay<Approval>> {
    if (!isId('apr', id)) throw notFound('approval');
    if ((await this.keys.find(context)) !== null) return this.replay(context, id);
    try {
      await this.database.transaction(async (tx) => {
        const row = await this.store.lock(tx, context, id, context.inboxIds);
        if (row === null) throw notFound('approval');
        const keyId = decidingKey(context, row);
        if ((await this.keys.take(tx, context, id)) !== null) throw new DoneBefore();
        if (row.status !== 'pending' || row.overdue) {
          throw conflict(
            'invalid_state',
            `Nothing is left to decide: the approval is ${row.overdue ? 'expired' : row.status}.`,
          );
        }
        await decide(tx, row, keyId);
      });
    } catch (error) {
      if (error instanceof DoneBefore) return this.replay(context, id);
      throw error;
    }
    return this.reader.get(context, id);
  }

  /** A repeat does not win over the rule who may decide. */
  private async replay(context: CommandContext, id: string): Promise<Replay<Approval>> {
    const approval = await this.reader.get(context, id);
    decidingKey(context, approval);
    return new Replay(approval);
  }

  /** @returns how many keys have approved by now. */
  private async say(tx: Tx, row: ApprovalRow, decision: NewDecision): Promise<number> {
    const approvals = await this.store.addDecision(tx, row, decision);
    if (approvals === null) {
      throw conflict('invalid_state', 'Another key has to decide: this one has decided on this version already.');
    }
    return approvals;
  }
}

/** The key that decides: never the one that asked for the message to be sent, and never none. */
function decidingKey(context: CommandContext, row: Pick<ApprovalRow, 'requested_by'>): KeyId {
  if (context.keyId === null) throw forbidden('Use an API key of the organization to decide on a message.');
  if (context.keyId === row.requested_by) {
    throw forbidden('Use another key: the one that sent a message cannot decide on it.');
  }
  return context.keyId;
}
