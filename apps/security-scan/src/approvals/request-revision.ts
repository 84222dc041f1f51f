import { Injectable } from '@nestjs/common';
import {
  CheckRevision,
  type CommandContext,
  type Content,
  type KeyId,
  type MessageEdit,
  type MessageId,
  type OutboundTerms,
  ScanRevisionRequestedV1,
} from '@postern/contracts';
import { CommandClient, type NewFact, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { VerifiedContent } from '../content/verified-content.js';
import type { ApprovalRow } from '../store/approval.row.js';

/** Asks messaging, which alone writes content, for another version of a held message. */
@Injectable()
export class RequestRevision {
  constructor(
    private readonly content: VerifiedContent,
    private readonly commands: CommandClient,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Before the transaction of the request: whether a message can be made of the edit.
   * @returns the edit for {@link run}.
   * @throws AppError `validation_error`, `recipients_blocked` or `payload_too_large` when none can; `unavailable`.
   */
  async prepare(context: CommandContext, messageId: MessageId, edit: MessageEdit): Promise<Content> {
    await this.commands.ask(CheckRevision, { ...context, idempotency: null }, { messageId, edit });
    return this.content.carry(context.organizationId, Buffer.from(JSON.stringify(edit)));
  }

  async run(tx: Tx, row: ApprovalRow, edit: Content, keyId: KeyId): Promise<void> {
    await this.outbox.add(tx, ScanRevisionRequestedV1, [requestFact(row, edit, keyId)]);
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
