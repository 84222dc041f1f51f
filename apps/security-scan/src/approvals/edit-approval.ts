import { Injectable } from '@nestjs/common';
import {
  type Approval,
  CheckRevision,
  type CommandContext,
  type Content,
  type KeyId,
  type MessageEdit,
  type OutboundTerms,
  type PlainApproval,
  ScanRevisionRequestedV1,
} from '@postern/contracts';
import { CommandClient, type NewFact, Outbox, Replay } from '@postern/eventing';
import { VerifiedContent } from '../content/verified-content.js';
import { ApprovalRevisionStore } from '../store/approval-revision.store.js';
import type { ApprovalRow } from '../store/approval.row.js';
import { ApprovalReader } from './approval-reader.js';
import { decidingKey, mustBeCurrent, mustWait, OpenApproval } from './open-approval.js';

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
    private readonly content: VerifiedContent,
    private readonly commands: CommandClient,
    private readonly outbox: Outbox,
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
    await this.commands.ask(CheckRevision, { ...context, idempotency: null }, { messageId: approval.message_id, edit });
    const carried = await this.content.carry(context.organizationId, Buffer.from(JSON.stringify(edit)));
    const asked = await this.opened.run(context, id, async (tx, row, keyId) => {
      mustBeCurrent(row, content_hash);
      await this.revisions.begin(tx, row, { keyId, note: note ?? null });
      await this.outbox.add(tx, ScanRevisionRequestedV1, [requestFact(row, carried, keyId)]);
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

const requestFact = (row: ApprovalRow, edit: Content, editedBy: KeyId): NewFact<typeof ScanRevisionRequestedV1> => ({
  organizationId: row.organization_id,
  mode: row.mode,
  correlationId: row.correlation_id,
  causationId: row.causation_id,
  data: {
    messageId: row.message_id,
    inboxId: row.inbox_id,
    base: row.dispatch,
    terms: row.terms ?? termsBefore(row),
    edit,
    cause: 'edit',
    approvalId: row.id,
    editedBy,
  },
});

/** Of approvals that an older version made: another version of theirs waits for people, whatever the scan says. */
const termsBefore = ({ requested_by: requestedBy }: ApprovalRow): OutboundTerms => ({
  securityLevel: 'full_lockdown',
  onFlagged: 'hold',
  requestedBy,
});
