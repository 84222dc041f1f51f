import { Injectable } from '@nestjs/common';
import {
  addressKey,
  newId,
  PreviewOutbound,
  timeOf,
  type CommandContext,
  type CommandInput,
  type CommandOutput,
  type PreviewedRecipient,
  type PreviewMessage as PreviewMessageCommand,
  type Recipient,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { AppError, Database } from '@postern/platform';
import { LoopGuard } from '../loop/loop-guard.js';
import type { Admission } from '../send/admission.js';
import { DailyLimits, dailyLimitsOf } from '../send/daily-limits.js';
import { recipientOutcomes } from '../send/recipient-outcomes.js';
import type { SendPlan, SendWish } from '../send/send-plan.js';
import { SendPlanner } from '../send/send-planner.js';
import { toSummary } from '../store/message.mapper.js';

type Preview = CommandOutput<typeof PreviewMessageCommand>;

const OUTCOMES = { passed: 'send', held: 'hold', rejected: 'reject' } as const;

/**
 * Tells what a send would lead to: the planner of the sends plans it, the scan judges the octets that it composed, and
 * both forget it. Nothing is written anywhere.
 */
@Injectable()
export class PreviewMessage {
  constructor(
    private readonly planner: SendPlanner,
    private readonly dailyLimits: DailyLimits,
    private readonly loopGuard: LoopGuard,
    private readonly commands: CommandClient,
    private readonly database: Database,
  ) {}

  /** @throws AppError as the send would, except `recipients_blocked`; `unavailable` when the scan is away. */
  async run(caller: CommandContext, input: CommandInput<typeof PreviewMessageCommand>): Promise<Preview> {
    // Nothing is made, so nothing is a repeat.
    const context = { ...caller, idempotency: null };
    const wish: SendWish = { ...input, messageId: newId('msg'), inDoubt: 'resend' };
    const admission = await this.planner.admit(context, wish);
    const plan = await this.planOrBlocked(context, wish, admission);
    const limits = await this.limitsOf(context, wish, admission);
    return plan === 'blocked' ? refused(wish, admission, limits) : this.judged(context, plan, limits);
  }

  private async limitsOf(context: CommandContext, wish: SendWish, admission: Admission): Promise<Preview['limits']> {
    const binding = dailyLimitsOf(context, admission.inbox, wish.sendsPerDay);
    const recipients = recipientOutcomes(wish.body, admission.blocked, new Date());
    const reached = recipients.flatMap(({ status, address }) => (status === 'queued' ? [address] : []));
    const message = { ...context, threadId: admission.threadId, recipients: reached };
    return [
      ...(await this.loopGuard.left(this.database, message, timeOf(wish.messageId))),
      ...(await this.dailyLimits.left(this.database, binding, new Date())),
    ];
  }

  private async planOrBlocked(
    context: CommandContext,
    wish: SendWish,
    admission: Admission,
  ): Promise<SendPlan | 'blocked'> {
    try {
      return await this.planner.plan(context, wish, admission);
    } catch (error) {
      if (error instanceof AppError && error.code === 'recipients_blocked') return 'blocked';
      throw error;
    }
  }

  private async judged(context: CommandContext, plan: SendPlan, limits: Preview['limits']): Promise<Preview> {
    const { value } = await this.commands.ask(PreviewOutbound, context, {
      message: toSummary(plan.message),
      mime: plan.mime.toString('base64'),
      securityLevel: plan.inbox.security_level,
      onFlagged: plan.inbox.on_flagged,
      answers: plan.answers,
    });
    const refusals = new Map(value.refused.map(({ address, reason }) => [addressKey(address), reason]));
    const recipients = plan.message.recipients.map((recipient): Recipient => {
      const reason = refusals.get(addressKey(recipient.address));
      return reason === undefined ? recipient : { ...recipient, status: 'rejected', reason };
    });
    return {
      outcome: OUTCOMES[value.outcome],
      recipients: value.outcome === 'rejected' ? withoutCopies(recipients, value.reason) : recipients.map(shown),
      policy_hits: value.policyHits,
      security: value.security,
      approval_required: value.outcome === 'held',
      limits,
    };
  }
}

/** A send that is refused for its recipients comes to no scan. */
const refused = ({ body }: SendWish, { blocked }: Admission, limits: Preview['limits']): Preview => ({
  outcome: 'reject',
  recipients: withoutCopies(recipientOutcomes(body, blocked, new Date()), null),
  policy_hits: [],
  security: null,
  approval_required: false,
  limits,
});

const shown = ({ address, role, status, reason }: Recipient): PreviewedRecipient => ({
  address,
  role,
  status: status === 'queued' || status === 'rejected' ? status : 'skipped',
  reason,
});

/** Nobody gets anything: those with a reason of their own for that one, the others for the message's. */
const withoutCopies = (recipients: readonly Recipient[], why: string | null): PreviewedRecipient[] =>
  recipients.map(({ address, role, reason }) => ({ address, role, status: 'rejected', reason: reason ?? why }));
