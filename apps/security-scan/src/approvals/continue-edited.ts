import { Injectable } from '@nestjs/common';
import { type ApprovalId, ScanOutboundHeldV1 } from '@postern/contracts';
import { inOneOrder, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import type { OutboundOutcome } from '../outbound/decide-outbound.js';
import type { Decided } from '../outbound/outbound-message.js';
import { ApprovalRevisionStore } from '../store/approval-revision.store.js';
import { ApprovalStore } from '../store/approval.store.js';
import { heldFact } from './approval-facts.js';
import { EndApproval } from './end-approval.js';

/** The next version of a message that waits for people. */
export interface EditedVersion extends Decided {
  approvalId: ApprovalId;
  outcome: Exclude<OutboundOutcome, { kind: 'redacted' }>;
}

/**
 * Takes approvals on to the versions that reviewers made: what is clean counts as approved by whoever edited it, everything
 * else waits at the new version. What a rule blocks waits, too, but only for another edit or a rejection.
 */
@Injectable()
export class ContinueEdited {
  constructor(
    private readonly store: ApprovalStore,
    private readonly revisions: ApprovalRevisionStore,
    private readonly ending: EndApproval,
    private readonly outbox: Outbox,
  ) {}

  /**
   * An approval that ended meanwhile stays as it is: its message was told already what becomes of it. Call `keepApart` of
   * HoldMessages first.
   */
  async run(tx: Tx, edited: readonly EditedVersion[]): Promise<void> {
    const inOrder = inOneOrder(edited, ({ fact, approvalId }) => `${fact.organizationId} ${fact.mode} ${approvalId}`);
    for (const one of inOrder) await this.goOn(tx, one);
  }

  private async goOn(tx: Tx, { fact, approvalId, security, outcome, preview, attachmentText }: EditedVersion) {
    const waiting = await this.store.lock(tx, fact, approvalId, null);
    if (waiting?.status !== 'pending' || waiting.revising === null || waiting.overdue) return;
    const row = await this.revisions.advance(tx, waiting, {
      dispatch: fact.data.dispatch,
      security,
      securityStatus: outcome.kind === 'rejected' ? 'flagged' : outcome.securityStatus,
      preview,
      reason: outcome.kind === 'held' ? outcome.reason : null,
      blocked: outcome.kind === 'rejected' ? outcome.reason : null,
      causationId: fact.id,
    });
    const said = isClean(outcome) ? await this.ending.approve(tx, row, waiting.revising) : 'waits';
    if (said === 'ended') return;
    const decided = await this.store.find(tx, fact, approvalId, null);
    await this.outbox.add(tx, ScanOutboundHeldV1, [heldFact(decided ?? row, attachmentText)]);
  }
}

/** Nothing speaks against the content: that everything waits for people is no finding. */
const isClean = (outcome: EditedVersion['outcome']): boolean =>
  outcome.kind !== 'rejected' &&
  outcome.securityStatus === 'clean' &&
  (outcome.kind === 'passed' || outcome.reason === 'full_lockdown');
