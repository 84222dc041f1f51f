import { Injectable } from '@nestjs/common';
import {
  type CancelApproval,
  type CommandContext,
  type CommandOutput,
  type KeyId,
  type MessageId,
  ScanApprovalResolvedV1,
} from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import { Database, type Tx } from '@postern/platform';
import { resolvedFact } from '../approvals/approval-facts.js';
import type { ApprovalWithDecisions, NewApproval } from '../store/approval.row.js';
import { ApprovalStore } from '../store/approval.store.js';
import { CancellationStore, type MessageKey } from '../store/cancellation.store.js';

/** A cancelled message waits for nobody: its approval ends, whichever of the two came first. */
@Injectable()
export class Cancellations {
  constructor(
    private readonly database: Database,
    private readonly store: CancellationStore,
    private readonly approvals: ApprovalStore,
    private readonly outbox: Outbox,
  ) {}

  /** Ends what a message waits for, unless people were faster. Safe to repeat. */
  async cancelApproval(context: CommandContext, messageId: MessageId): Promise<CommandOutput<typeof CancelApproval>> {
    const message = { organizationId: context.organizationId, mode: context.mode, messageId };
    return this.database.transaction(async (tx) => {
      await this.store.lock(tx, [message]);
      const approval = await this.store.latestApproval(tx, message);
      if (approval?.status === 'approved') return { outcome: 'approved', notBefore: approval.dispatch.notBefore };
      if (approval?.status === 'rejected' || approval?.status === 'expired') return { outcome: 'ended' };
      await this.end(tx, [message], context.keyId);
      return { outcome: 'cancelled' };
    });
  }

  /** Keeps judging and cancelling of these messages apart until the transaction ends. Once, for all that it holds or continues. */
  async keepApart(tx: Tx, messages: readonly MessageKey[]): Promise<void> {
    if (messages.length > 0) await this.store.lock(tx, messages);
  }

  /** Delivery stopped these messages, whatever the guard thinks of them. */
  async stopped(tx: Tx, messages: readonly MessageKey[]): Promise<void> {
    if (messages.length === 0) return;
    await this.keepApart(tx, messages);
    await this.end(tx, messages, null);
  }

  /**
   * Makes approvals; those of messages that were cancelled meanwhile are over at once. Call {@link keepApart} first.
   * @returns what was made, and the ids of those that are over.
   */
  async hold(
    tx: Tx,
    approvals: readonly NewApproval[],
  ): Promise<{ made: ApprovalWithDecisions[]; over: ReadonlySet<string> }> {
    if (approvals.length === 0) return { made: [], over: new Set() };
    const messages = approvals.map(({ organization_id, mode, message_id }) => ({
      organizationId: organization_id,
      mode,
      messageId: message_id,
    }));
    const made = await this.approvals.insert(tx, approvals);
    const ended = await this.endApprovals(tx, messages, null);
    return { made, over: new Set(ended.map(({ id }) => id)) };
  }

  private async end(tx: Tx, messages: readonly MessageKey[], by: KeyId | null): Promise<void> {
    await this.store.remember(tx, messages);
    await this.endApprovals(tx, messages, by);
  }

  private async endApprovals(
    tx: Tx,
    messages: readonly MessageKey[],
    by: KeyId | null,
  ): Promise<ApprovalWithDecisions[]> {
    const ended = await this.store.cancelApprovals(tx, messages);
    await this.outbox.add(
      tx,
      ScanApprovalResolvedV1,
      ended.map((row) => resolvedFact(row, 'cancelled', by)),
    );
    return ended;
  }
}
