import { Injectable } from '@nestjs/common';
import { type Fact, type RefusalReason, type RevisionRefusedV1, ScanOutboundRejectedV1 } from '@postern/contracts';
import { causedBy, inOneOrder, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { EndApproval } from '../approvals/end-approval.js';
import { ApprovalRevisionStore } from '../store/approval-revision.store.js';
import { ApprovalStore } from '../store/approval.store.js';
import { VerdictStore } from '../store/verdict.store.js';

type Refused = Fact<typeof RevisionRefusedV1>;

/** Shown as the recipients' reason. `outdated` needs none: what became of the message was told elsewhere. */
const NOT_REDACTED: Readonly<Record<Exclude<RefusalReason, 'outdated'>, string>> = {
  too_large: 'A policy takes personal data out of it, and it would be too large without.',
  recipients_blocked: 'A policy takes personal data out of it, and nobody is left to get it.',
};

/** Lets nothing wait for a version that is never made. */
@Injectable()
export class RefusedRevisions {
  constructor(
    private readonly approvals: ApprovalStore,
    private readonly revisions: ApprovalRevisionStore,
    private readonly ending: EndApproval,
    private readonly verdicts: VerdictStore,
    private readonly outbox: Outbox,
  ) {}

  /** What was edited waits on as it was; what had to be redacted and cannot be is not sent. */
  async run(tx: Tx, refused: readonly Refused[]): Promise<void> {
    const inOrder = inOneOrder(
      refused,
      ({ organizationId, mode, data }) => `${organizationId} ${mode} ${data.approvalId ?? ''}`,
    );
    for (const fact of inOrder) {
      if (fact.data.approvalId !== null) await this.waitOn(tx, fact, fact.data.approvalId);
      else if (fact.data.reason !== 'outdated') await this.reject(tx, fact, NOT_REDACTED[fact.data.reason]);
    }
  }

  private async waitOn(tx: Tx, fact: Refused, approvalId: string): Promise<void> {
    const row = await this.approvals.lock(tx, fact, approvalId, null);
    if (row?.status !== 'pending' || row.revising === null) return;
    const { cause, reason } = fact.data;
    // The reviewer's own version is there, and must not go as it is; nobody reviewed another one.
    if (cause === 'redaction' && reason !== 'outdated') await this.ending.reject(tx, row, NOT_REDACTED[reason], null);
    else await this.revisions.refuse(tx, row);
  }

  private async reject(tx: Tx, fact: Refused, reason: string): Promise<void> {
    const { messageId, inboxId, baseVersion: version } = fact.data;
    const security = await this.verdicts.ofVersion(tx, fact, messageId, version);
    // Gone with the message.
    if (security === null) return;
    await this.outbox.add(tx, ScanOutboundRejectedV1, [
      { ...causedBy(fact), data: { messageId, version, inboxId, security, reason } },
    ]);
  }
}
