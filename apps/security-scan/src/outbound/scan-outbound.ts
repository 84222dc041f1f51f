import { Inject, Injectable } from '@nestjs/common';
import {
  newId,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  type ApprovalId,
  type Content,
  type Fact,
  type MessageAcceptedV1,
  type MessagePreview,
  type RefusedRecipient,
} from '@postern/contracts';
import { causedBy, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { Cancellations } from '../cancel/cancellations.js';
import { RULES_VERSION } from '../checks/all-checks.js';
import { MailReader, type Tenant } from '../content/mail-reader.js';
import { withoutRefused } from '../lists/apply-lists.js';
import { ListGuard, type Outgoing } from '../lists/list-guard.js';
import type { ScannedMail } from '../normalise/scanned-mail.js';
import type { NewApproval } from '../store/approval.row.js';
import type { ExtractedText } from '../store/extracted-text.store.js';
import { VerdictStore } from '../store/verdict.store.js';
import { APPROVAL_TTL_SECONDS } from '../tokens.js';
import { judge, type Verdict } from '../verdict/verdict.js';
import { decideOutbound, type OutboundOutcome } from './decide-outbound.js';
import { previewOf } from './message-preview.js';

type Accepted = Fact<typeof MessageAcceptedV1>;

/** What decides beside the octets. */
export type OutboundRules = Pick<Accepted['data'], 'message' | 'securityLevel' | 'onFlagged'>;

/** What octets come to under the rules of their inbox. */
export interface Judgement {
  verdict: Verdict;
  outcome: OutboundOutcome;
  preview: MessagePreview;
  mail: ScannedMail;
  texts: ExtractedText[];
}

/** An accepted message, judged; nothing of it is stored yet. */
export interface Judged extends Omit<Judgement, 'mail'> {
  fact: Accepted;
  attachmentText: Content | undefined;
}

/** A judged message, after the lists. */
interface Decided extends Judged {
  /** Recipients who get nothing, whatever becomes of the message. */
  refused: RefusedRecipient[];
}

/** Judges outbound messages and lets them go, holds or rejects them. */
@Injectable()
export class ScanOutbound {
  constructor(
    private readonly mails: MailReader,
    private readonly verdicts: VerdictStore,
    private readonly lists: ListGuard,
    private readonly cancellations: Cancellations,
    private readonly outbox: Outbox,
    @Inject(APPROVAL_TTL_SECONDS) private readonly approvalTtlSeconds: number,
  ) {}

  /**
   * Reads and judges the exact octets that would be sent. No effects.
   * @throws when they cannot be read or a check fails: the message is not passed then, but waits or is put aside.
   */
  async judge(fact: Accepted): Promise<Judged> {
    const mime = await this.mails.octets(fact, fact.data.dispatch.content);
    // Not the mail itself: a batch of many would be in memory at once.
    const { mail, ...judged } = await this.judgeOctets(fact, mime, fact.data);
    return { fact, ...judged, attachmentText: await this.mails.carry(fact, mail) };
  }

  /** Judges octets by the rules of their inbox, for real and for a preview alike. No effects. */
  async judgeOctets(tenant: Tenant, mime: Uint8Array, about: OutboundRules): Promise<Judgement> {
    const { mail, texts } = await this.mails.outbound(tenant, mime);
    const verdict = judge(mail);
    return { verdict, outcome: decideOutbound(about, verdict), preview: previewOf(about.message, mail), mail, texts };
  }

  /** Stores verdicts and tells what becomes of the messages. A version of a message is decided once, however often it comes. */
  async decide(tx: Tx, judged: readonly Judged[]): Promise<void> {
    const fresh = await this.storeVerdicts(tx, await this.askLists(tx, judged));
    await this.mails.keep(
      tx,
      fresh.map(({ fact, texts }) => ({ messageId: fact.data.dispatch.messageId, texts })),
    );
    const held = fresh.flatMap((one) => (one.outcome.kind === 'held' ? [{ ...one, approvalId: newId('apr') }] : []));
    await this.cancellations.hold(
      tx,
      held.map((one) => this.approvalFor(one)),
    );
    await this.outbox.add(
      tx,
      ScanOutboundPassedV1,
      fresh.flatMap(({ fact, verdict, outcome, refused, attachmentText }) =>
        outcome.kind === 'passed'
          ? [
              {
                ...causedBy(fact),
                data: {
                  inboxId: fact.data.message.inbox_id,
                  dispatch: fact.data.dispatch,
                  security: verdict.security,
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
      ScanOutboundHeldV1,
      held.map(({ fact, verdict, approvalId, attachmentText }) => ({
        ...causedBy(fact),
        data: {
          ...nameOf(fact),
          approvalId,
          inboxId: fact.data.message.inbox_id,
          security: verdict.security,
          securityStatus: verdict.flagged ? ('flagged' as const) : ('clean' as const),
          attachmentText,
        },
      })),
    );
    await this.outbox.add(
      tx,
      ScanOutboundRejectedV1,
      fresh.flatMap(({ fact, verdict, outcome, refused, attachmentText }) =>
        outcome.kind === 'rejected'
          ? [
              {
                ...causedBy(fact),
                data: {
                  ...nameOf(fact),
                  inboxId: fact.data.message.inbox_id,
                  security: verdict.security,
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

  /** In the transaction of the verdicts: what was on a list before it began is obeyed, however long the message had waited. */
  private async askLists(tx: Tx, judged: readonly Judged[]): Promise<Decided[]> {
    const asked = judged.map(({ fact }) => outgoing(fact));
    const refused = await this.lists.refused(tx, asked);
    return judged.map((one, n) => {
      const { outcome, verdict } = one;
      const ruled = { outcome, security: verdict.security };
      const { security, ...rest } = withoutRefused(ruled, asked[n]?.recipients.length ?? 0, refused[n] ?? []);
      return { ...one, ...rest, verdict: { ...verdict, security } };
    });
  }

  private async storeVerdicts(tx: Tx, judged: readonly Decided[]): Promise<Decided[]> {
    const stored = await this.verdicts.insertOutbound(
      tx,
      judged.map(({ fact, verdict, outcome }) => ({
        organization_id: fact.organizationId,
        mode: fact.mode,
        message_id: fact.data.dispatch.messageId,
        version: fact.data.dispatch.version,
        content_hash: fact.data.dispatch.contentHash,
        security: verdict.security,
        outcome: outcome.kind,
        rules_version: RULES_VERSION,
      })),
    );
    const keys = new Set(stored.map((row) => `${row.message_id}/${row.version}`));
    return judged.filter(({ fact }) => keys.delete(`${fact.data.dispatch.messageId}/${fact.data.dispatch.version}`));
  }

  private approvalFor({
    fact,
    verdict,
    outcome,
    preview,
    approvalId,
  }: Judged & { approvalId: ApprovalId }): NewApproval {
    const { dispatch, message, requestedBy } = fact.data;
    return {
      organization_id: fact.organizationId,
      mode: fact.mode,
      id: approvalId,
      message_id: dispatch.messageId,
      version: dispatch.version,
      inbox_id: message.inbox_id,
      reason: outcome.kind === 'held' ? outcome.reason : 'scan',
      content_hash: dispatch.contentHash,
      required: 1,
      requested_by: requestedBy,
      dispatch,
      security: verdict.security,
      security_status: verdict.flagged ? 'flagged' : 'clean',
      message_preview: preview,
      correlation_id: fact.correlationId,
      causation_id: fact.id,
      ttl_seconds: this.approvalTtlSeconds,
    };
  }
}

const nameOf = (fact: Accepted) => ({
  messageId: fact.data.dispatch.messageId,
  version: fact.data.dispatch.version,
});

const outgoing = ({ organizationId, mode, data: { message, dispatch, answers } }: Accepted): Outgoing => ({
  organizationId,
  mode,
  inboxId: message.inbox_id,
  recipients: dispatch.envelope.recipients.map(({ address }) => address),
  answers: answers ?? null,
});
