import { Injectable } from '@nestjs/common';
import {
  MessageRevisedV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  ScanRevisionRequestedV1,
  type ApprovalId,
} from '@postern/contracts';
import { causedBy, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { ContinueEdited, type EditedVersion } from '../approvals/continue-edited.js';
import { HoldMessages } from '../approvals/hold-messages.js';
import { RULES_VERSION } from '../checks/all-checks.js';
import { MailReader } from '../content/mail-reader.js';
import { VerdictStore } from '../store/verdict.store.js';
import { recipientsOf, type Decided, type VersionFact } from './outbound-message.js';

/** Keeps what was decided about outbound messages, and tells it: they go on, wait, end, or get another version. */
@Injectable()
export class ScanOutbound {
  constructor(
    private readonly mails: MailReader,
    private readonly verdicts: VerdictStore,
    private readonly holds: HoldMessages,
    private readonly edited: ContinueEdited,
    private readonly outbox: Outbox,
  ) {}

  /** Stores verdicts and tells what becomes of the messages. A version of a message is decided once, however often it comes. */
  async keep(tx: Tx, decided: readonly Decided[]): Promise<void> {
    const fresh = await this.storeVerdicts(tx, decided);
    await this.mails.keep(
      tx,
      fresh.map(({ fact, texts }) => ({ messageId: fact.data.dispatch.messageId, texts })),
    );
    const edited = fresh.flatMap(editedVersion);
    const first = fresh.filter(({ fact }) => approvalOf(fact) === null);
    const held = first.flatMap(({ outcome, ...one }) => (outcome.kind === 'held' ? [{ ...one, outcome }] : []));
    await this.holds.keepApart(tx, [...edited, ...held]);
    await this.edited.run(tx, edited);
    await this.holds.run(tx, held);
    await this.tellFirst(tx, first);
    await this.redact(tx, fresh);
  }

  /** What is decided about versions that nobody was asked about, nor will be. */
  private async tellFirst(tx: Tx, fresh: readonly Decided[]): Promise<void> {
    await this.outbox.add(
      tx,
      ScanOutboundPassedV1,
      fresh.flatMap(({ fact, security, outcome, refused, attachmentText }) =>
        outcome.kind === 'passed'
          ? [
              {
                ...causedBy(fact),
                data: {
                  inboxId: fact.data.message.inbox_id,
                  dispatch: fact.data.dispatch,
                  security,
                  securityStatus: outcome.securityStatus,
                  ...(refused.length > 0 && { refused }),
                  attachmentText,
                },
              },
            ]
          : [],
      ),
    );
    await this.outbox.add(
      tx,
      ScanOutboundRejectedV1,
      fresh.flatMap(({ fact, security, outcome, refused, attachmentText }) =>
        outcome.kind === 'rejected'
          ? [
              {
                ...causedBy(fact),
                data: {
                  ...nameOf(fact),
                  inboxId: fact.data.message.inbox_id,
                  security,
                  reason: outcome.reason,
                  ...(refused.length > 0 && { refused }),
                  attachmentText,
                },
              },
            ]
          : [],
      ),
    );
  }

  /** Of versions that are to be judged without what a policy takes out, those of reviewers, too. */
  private async redact(tx: Tx, fresh: readonly Decided[]): Promise<void> {
    await this.outbox.add(
      tx,
      ScanRevisionRequestedV1,
      fresh.flatMap(({ fact, outcome, edit }) => {
        if (outcome.kind !== 'redacted' || edit === null) return [];
        const { message, dispatch, ...terms } = fact.data;
        return [
          {
            ...causedBy(fact),
            data: {
              messageId: dispatch.messageId,
              inboxId: message.inbox_id,
              base: dispatch,
              terms,
              edit,
              cause: 'redaction' as const,
              approvalId: approvalOf(fact),
              editedBy: null,
            },
          },
        ];
      }),
    );
  }

  private async storeVerdicts(tx: Tx, decided: readonly Decided[]): Promise<Decided[]> {
    const stored = await this.verdicts.insertOutbound(
      tx,
      decided.map(({ fact, security, outcome, policies, counts }) => ({
        organization_id: fact.organizationId,
        mode: fact.mode,
        message_id: fact.data.dispatch.messageId,
        version: fact.data.dispatch.version,
        content_hash: fact.data.dispatch.contentHash,
        inbox_id: fact.data.message.inbox_id,
        security,
        judged_with: { recipients: recipientsOf(fact.data), answers: fact.data.answers ?? null },
        policies: policies.map(({ id, version }) => ({ id, version })),
        counts,
        outcome: outcome.kind,
        rules_version: RULES_VERSION,
      })),
    );
    const keys = new Set(stored.map((row) => `${row.message_id}/${row.version}`));
    return decided.filter(({ fact }) => keys.delete(`${fact.data.dispatch.messageId}/${fact.data.dispatch.version}`));
  }
}

/** The approval that a version goes on with. */
const approvalOf = (fact: VersionFact): ApprovalId | null =>
  fact.type === MessageRevisedV1.type ? fact.data.approvalId : null;

function editedVersion({ outcome, ...one }: Decided): EditedVersion[] {
  const approvalId = approvalOf(one.fact);
  return approvalId === null || outcome.kind === 'redacted' ? [] : [{ ...one, outcome, approvalId }];
}

const nameOf = (fact: VersionFact) => ({
  messageId: fact.data.dispatch.messageId,
  version: fact.data.dispatch.version,
});
