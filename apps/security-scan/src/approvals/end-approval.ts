import { Injectable } from '@nestjs/common';
import {
  type KeyId,
  ScanApprovalDecidedV1,
  ScanApprovalResolvedV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
} from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { withoutRefused } from '../lists/apply-lists.js';
import { ListGuard } from '../lists/list-guard.js';
import type { ApprovalRow } from '../store/approval.row.js';
import { ApprovalStore, type NewDecision } from '../store/approval.store.js';
import { decidedFact, passedFact, rejectedFact, resolvedFact } from './approval-facts.js';

/** Says yes or no for one key, and ends the wait when that was the last word needed. Each call wants the approval locked. */
@Injectable()
export class EndApproval {
  constructor(
    private readonly store: ApprovalStore,
    private readonly lists: ListGuard,
    private readonly outbox: Outbox,
  ) {}

  /** @returns how the approval stands after it; null when the key had decided on this version before. */
  async approve(tx: Tx, row: ApprovalRow, by: Omit<NewDecision, 'decision'>): Promise<'waits' | 'ended' | null> {
    const approvals = await this.store.addDecision(tx, row, { ...by, decision: 'approve' });
    if (approvals === null) return null;
    if (approvals < row.required) {
      await this.outbox.add(tx, ScanApprovalDecidedV1, [decidedFact(row, by.keyId, approvals)]);
      return 'waits';
    }
    await this.letGo(tx, row, by.keyId);
    return 'ended';
  }

  /** @param decidedBy  null when no key did. */
  async reject(tx: Tx, row: ApprovalRow, reason: string, decidedBy: KeyId | null): Promise<void> {
    const ended = await this.store.resolve(tx, row, 'rejected');
    await this.outbox.add(tx, ScanOutboundRejectedV1, [rejectedFact(row, 'rejected', reason)]);
    await this.outbox.add(tx, ScanApprovalResolvedV1, [resolvedFact(ended, 'rejected', decidedBy)]);
  }

  /** Lists may have changed while the message waited: nobody gets mail that they refuse now, whoever approved it. */
  private async letGo(tx: Tx, row: ApprovalRow, decidedBy: KeyId): Promise<void> {
    const recipients = row.dispatch.envelope.recipients.map(({ address }) => address);
    const { organization_id: organizationId, mode, inbox_id: inboxId, terms } = row;
    const [asked = []] = await this.lists.refused(tx, [
      { organizationId, mode, inboxId, recipients, answers: terms?.answers ?? null },
    ]);
    const passed = { kind: 'passed', securityStatus: row.security_status } as const;
    const ruled = withoutRefused({ outcome: passed, security: row.security }, recipients.length, asked);
    if (ruled.outcome.kind === 'rejected') {
      await this.reject(tx, { ...row, security: ruled.security }, ruled.outcome.reason, null);
      return;
    }
    const ended = await this.store.resolve(tx, row, 'approved');
    await this.outbox.add(tx, ScanOutboundPassedV1, [passedFact(row, ruled.security, ruled.refused)]);
    await this.outbox.add(tx, ScanApprovalResolvedV1, [resolvedFact(ended, 'approved', decidedBy)]);
  }
}
