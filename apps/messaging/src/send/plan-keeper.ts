import { Inject, Injectable } from '@nestjs/common';
import { MessageAcceptedV1, type Content } from '@postern/contracts';
import { carry, CONTENT_STORE, Outbox, type ContentStore, type OutboxRow } from '@postern/eventing';
import { LoopGuard } from '../loop/loop-guard.js';
import { toSummary } from '../store/message.mapper.js';
import type { Accepted } from './acceptance.js';
import { dailyLimitsOf } from './daily-limits.js';
import { SendAttachments } from './send-attachments.js';
import type { SendPlan } from './send-plan.js';

/** Makes a plan ready for its commit: its octets are durable before the row that names them. */
@Injectable()
export class PlanKeeper {
  constructor(
    private readonly attachments: SendAttachments,
    private readonly outbox: Outbox,
    private readonly loopGuard: LoopGuard,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  async keep(plan: SendPlan): Promise<Accepted> {
    const { context, wish, message, threadMessages, mime } = plan;
    const [carried] = await Promise.all([
      carry(this.content, context.organizationId, mime),
      this.attachments.keep(context, plan.attachments),
    ]);
    return {
      context,
      message,
      rawInline: carried.inline === undefined ? null : mime,
      fact: this.factOf(plan, carried),
      limits: dailyLimitsOf(context, plan.inbox, wish.sendsPerDay),
      onlyAfter: wish.body.if_thread_last_message_id ?? null,
      draft: wish.draft ?? null,
      watched: threadMessages === null || this.loopGuard.mustWatch(threadMessages),
    };
  }

  private factOf(
    { context, wish, inbox, message, answers, envelope, contentHash, notBefore }: SendPlan,
    content: Content,
  ): OutboxRow {
    return this.outbox.row(
      MessageAcceptedV1,
      {
        organizationId: context.organizationId,
        mode: context.mode,
        data: {
          message: toSummary(message),
          dispatch: {
            messageId: message.id,
            version: message.version,
            envelope,
            content,
            contentHash,
            notBefore: notBefore.toISOString(),
            inDoubt: wish.inDoubt,
          },
          securityLevel: inbox.security_level,
          onFlagged: inbox.on_flagged,
          requestedBy: context.keyId,
          answers,
          approvalsRequired: inbox.approvals_required ?? 1,
          approvalTtlSeconds: inbox.approval_ttl_seconds,
        },
      },
      { fair: true },
    );
  }
}
