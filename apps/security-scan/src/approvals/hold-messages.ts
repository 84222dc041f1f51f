import { Inject, Injectable } from '@nestjs/common';
import { newId, OutboundTerms, ScanOutboundHeldV1 } from '@postern/contracts';
import { causedBy, Outbox } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { Cancellations } from '../cancel/cancellations.js';
import type { OutboundOutcome } from '../outbound/decide-outbound.js';
import type { Decided } from '../outbound/outbound-message.js';
import type { NewApproval } from '../store/approval.row.js';
import { APPROVAL_TTL_SECONDS } from '../tokens.js';
import { heldFact } from './approval-facts.js';

/** A version of a message that is to be held. */
export interface HeldVersion extends Decided {
  outcome: Extract<OutboundOutcome, { kind: 'held' }>;
}

/** Makes the approvals that held messages wait for. */
@Injectable()
export class HoldMessages {
  constructor(
    private readonly cancellations: Cancellations,
    private readonly outbox: Outbox,
    @Inject(APPROVAL_TTL_SECONDS) private readonly ttlSeconds: number,
  ) {}

  /** Before messages are held or go on. @param versions  all of the transaction. */
  async keepApart(tx: Tx, versions: readonly Decided[]): Promise<void> {
    await this.cancellations.keepApart(
      tx,
      versions.map(({ fact: { organizationId, mode, data } }) => ({
        organizationId,
        mode,
        messageId: data.dispatch.messageId,
      })),
    );
  }

  /** Call {@link keepApart} first. */
  async run(tx: Tx, held: readonly HeldVersion[]): Promise<void> {
    const approvals = held.map((one) => this.approvalFor(one));
    const { made, over } = await this.cancellations.hold(tx, approvals);
    const rows = new Map(made.map((row) => [row.message_id, row]));
    await this.outbox.add(
      tx,
      ScanOutboundHeldV1,
      held.flatMap(({ fact, attachmentText }) => {
        const row = rows.get(fact.data.dispatch.messageId);
        return row === undefined ? [] : [{ ...heldFact(row, attachmentText, !over.has(row.id)), ...causedBy(fact) }];
      }),
    );
  }

  private approvalFor({ fact, security, outcome, preview }: HeldVersion): NewApproval {
    const { dispatch, message } = fact.data;
    const terms = OutboundTerms.parse(fact.data);
    return {
      organization_id: fact.organizationId,
      mode: fact.mode,
      id: newId('apr'),
      message_id: dispatch.messageId,
      version: dispatch.version,
      inbox_id: message.inbox_id,
      reason: outcome.reason,
      content_hash: dispatch.contentHash,
      required: terms.approvalsRequired ?? 1,
      requested_by: terms.requestedBy,
      terms,
      dispatch,
      security,
      security_status: outcome.securityStatus,
      message_preview: preview,
      correlation_id: fact.correlationId,
      causation_id: fact.id,
      ttl_seconds: terms.approvalTtlSeconds ?? this.ttlSeconds,
    };
  }
}
