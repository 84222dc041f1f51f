import { Inject, Injectable } from '@nestjs/common';
import {
  newId,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  type ApprovalId,
  type Fact,
  type MessageAcceptedV1,
  type MessagePreview,
} from '@postern/contracts';
import { causedBy, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { RULES_VERSION } from '../checks/all-checks.js';
import { VerifiedContent } from '../content/verified-content.js';
import { scannedFromMime } from '../normalise/from-mime.js';
import type { NewApproval } from '../store/approval.row.js';
import { ApprovalStore } from '../store/approval.store.js';
import { VerdictStore } from '../store/verdict.store.js';
import { APPROVAL_TTL_SECONDS } from '../tokens.js';
import { judge, type Verdict } from '../verdict/verdict.js';
import { decideOutbound, type OutboundOutcome } from './decide-outbound.js';
import { previewOf } from './message-preview.js';

type Accepted = Fact<typeof MessageAcceptedV1>;

/** What decides beside the octets. */
export type OutboundRules = Pick<Accepted['data'], 'message' | 'securityLevel' | 'onFlagged'>;

/** An accepted message, judged; nothing of it is stored yet. */
export interface Judged {
  fact: Accepted;
  verdict: Verdict;
  outcome: OutboundOutcome;
  preview: MessagePreview;
}

/** Judges outbound messages and lets them go, holds or rejects them. */
@Injectable()
export class ScanOutbound {
  constructor(
    private readonly content: VerifiedContent,
    private readonly verdicts: VerdictStore,
    private readonly approvals: ApprovalStore,
    private readonly outbox: Outbox,
    @Inject(APPROVAL_TTL_SECONDS) private readonly approvalTtlSeconds: number,
  ) {}

  /**
   * Reads and judges the exact octets that would be sent. No effects.
   * @throws when they cannot be read or a check fails: the message is not passed then, but waits or is put aside.
   */
  async judge(fact: Accepted): Promise<Judged> {
    const mime = await this.content.load(fact.organizationId, fact.data.dispatch.content);
    return { fact, ...(await this.judgeOctets(mime, fact.data)) };
  }

  /** Judges octets by the rules of their inbox, for real and for a preview alike. No effects. */
  async judgeOctets(mime: Uint8Array, about: OutboundRules): Promise<Omit<Judged, 'fact'>> {
    const mail = await scannedFromMime(mime);
    const verdict = judge(mail);
    return { verdict, outcome: decideOutbound(about, verdict), preview: previewOf(about.message, mail) };
  }

  /** Stores verdicts and tells what becomes of the messages. A version of a message is decided once, however often it comes. */
  async decide(tx: Tx, judged: readonly Judged[]): Promise<void> {
    const fresh = await this.storeVerdicts(tx, judged);
    const held = fresh.flatMap((one) => (one.outcome.kind === 'held' ? [{ ...one, approvalId: newId('apr') }] : []));
    await this.approvals.insert(
      tx,
      held.map((one) => this.approvalFor(one)),
    );
    await this.outbox.add(
      tx,
      ScanOutboundPassedV1,
      fresh.flatMap(({ fact, verdict, outcome }) =>
        outcome.kind === 'passed'
          ? [
              {
                ...causedBy(fact),
                data: {
                  inboxId: fact.data.message.inbox_id,
                  dispatch: fact.data.dispatch,
                  security: verdict.security,
                  securityStatus: outcome.securityStatus,
                },
              },
            ]
          : [],
      ),
    );
    await this.outbox.add(
      tx,
      ScanOutboundHeldV1,
      held.map(({ fact, verdict, approvalId }) => ({
        ...causedBy(fact),
        data: {
          ...nameOf(fact),
          approvalId,
          inboxId: fact.data.message.inbox_id,
          security: verdict.security,
          securityStatus: verdict.flagged ? ('flagged' as const) : ('clean' as const),
        },
      })),
    );
    await this.outbox.add(
      tx,
      ScanOutboundRejectedV1,
      fresh.flatMap(({ fact, verdict, outcome }) =>
        outcome.kind === 'rejected'
          ? [
              {
                ...causedBy(fact),
                data: {
                  ...nameOf(fact),
                  inboxId: fact.data.message.inbox_id,
                  security: verdict.security,
                  reason: outcome.reason,
                },
              },
            ]
          : [],
      ),
    );
  }

  private async storeVerdicts(tx: Tx, judged: readonly Judged[]): Promise<Judged[]> {
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
