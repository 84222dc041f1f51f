import { Injectable } from '@nestjs/common';
import type { Approval, CommandContext, MessageEdit, PlainApproval } from '@postern/contracts';
import { Replay } from '@postern/eventing';
import { ApprovalRevisionStore } from '../store/approval-revision.store.js';
import { ApprovalReader } from './approval-reader.js';
import { decidingKey, mustBeCurrent, mustWait, OpenApproval } from './open-approval.js';
import { RequestRevision } from './request-revision.js';

/** What a call waits for its new version, at most: well below the patience of whoever asked. */
const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 100;

/** Approves a held message with changes: messaging makes another version, which is scanned again before anything is decided. */
@Injectable()
export class EditApproval {
  constructor(
    private readonly opened: OpenApproval,
    private readonly reader: ApprovalReader,
    private readonly revisions: ApprovalRevisionStore,
    private readonly request: RequestRevision,
  ) {}

  /**
   * Waits for the new version a few seconds; an approval that is `revising` still says that it takes longer.
   * @throws AppError as a plain approval does; `validation_error`, `recipients_blocked` or `payload_too_large` when no
   *   message can be made of the edit, and `unavailable`. Nothing has changed then.
   */
  async run(
    context: CommandContext,
    id: string,
    { content_hash, note }: PlainApproval,
    edit: MessageEdit,
  ): Promise<Approval | Replay<Approval>> {
    const earlier = await this.opened.earlier(context, id);
    if (earlier !== null) return earlier;
    const approval = await this.reader.get(context, id);
    decidingKey(context, approval);
    mustWait(approval.status);
    mustBeCurrent(approval, content_hash);
    const carried = await this.request.prepare(context, approval.message_id, edit);
    const asked = await this.opened.run(context, id, async (tx, row, keyId) => {
      mustBeCurrent(row, content_hash);
      await this.revisions.begin(tx, row, { keyId, note: note ?? null });
      await this.request.run(tx, row, carried, keyId);
    });
    return asked instanceof Replay ? asked : this.settled(context, asked);
  }

  private async settled(context: CommandContext, asked: Approval): Promise<Approval> {
    const deadline = Date.now() + WAIT_MS;
    let approval = asked;
    while (approval.revising === true && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      approval = await this.reader.get(context, asked.id);
    }
    return approval;
  }
}
