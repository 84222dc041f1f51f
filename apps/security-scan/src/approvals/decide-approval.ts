import { Injectable } from '@nestjs/common';
import type { Approval, CommandContext, PlainApproval, RejectBody } from '@postern/contracts';
import type { Replay } from '@postern/eventing';
import { conflict } from '@postern/platform';
import { ApprovalStore } from '../store/approval.store.js';
import { EndApproval } from './end-approval.js';
import { decidedBefore, mustBeCurrent, OpenApproval } from './open-approval.js';

/** Shown as the recipients' reason. A reviewer's own words stay with the decision. */
const REJECTED_BY_REVIEWER = 'Rejected by a reviewer.';

/** Lets a held message go, or not, by the word of a person. */
@Injectable()
export class DecideApproval {
  constructor(
    private readonly opened: OpenApproval,
    private readonly store: ApprovalStore,
    private readonly ending: EndApproval,
  ) {}

  /**
   * @throws AppError `not_found`; `forbidden` for the key that sent the message; `invalid_state` when it is decided,
   *   expired, a rule blocks the version, or this key has spoken; `approval_outdated` when the hash is not that of the waiting version.
   */
  approve(
    context: CommandContext,
    id: string,
    { content_hash, note }: PlainApproval,
  ): Promise<Approval | Replay<Approval>> {
    return this.opened.run(context, id, async (tx, row, keyId) => {
      mustBeCurrent(row, content_hash);
      if (row.blocked !== null) throw blockedByRule(row.blocked);
      if ((await this.ending.approve(tx, row, { keyId, note: note ?? null })) === null) throw decidedBefore();
    });
  }

  /**
   * One no is enough, also while an edit is being made.
   * @param contentHash  what was reviewed; absent: whatever waits.
   * @throws AppError as {@link approve} does.
   */
  reject(
    context: CommandContext,
    id: string,
    { reason }: RejectBody,
    contentHash: string | undefined,
  ): Promise<Approval | Replay<Approval>> {
    return this.opened.run(context, id, async (tx, row, keyId) => {
      if (contentHash !== undefined) mustBeCurrent(row, contentHash);
      const said = await this.store.addDecision(tx, row, { keyId, decision: 'reject', note: reason ?? null });
      if (said === null) throw decidedBefore();
      await this.ending.reject(tx, row, REJECTED_BY_REVIEWER, keyId);
    });
  }
}

/** An edit is no way round a rule: what it forbids is not sent, whoever would approve it. */
const blockedByRule = (reason: string) =>
  conflict('invalid_state', `Edit the message again, or reject it; this version cannot be approved. ${reason}`);
