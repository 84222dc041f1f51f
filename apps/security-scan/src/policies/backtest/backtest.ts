import { Injectable } from '@nestjs/common';
import {
  addressKey,
  GetRawMessage,
  newId,
  type CommandContext,
  type CreatePolicyBody,
  type PolicyBacktest,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { AppError, Database, rateLimited } from '@postern/platform';
import { MailReader } from '../../content/mail-reader.js';
import { toPolicyInForce } from '../../store/policy.row.js';
import { JudgedTrafficStore, type JudgedMessage } from '../../store/judged-traffic.store.js';
import { applyPolicies } from '../apply-policies.js';
import { checkRule } from '../check-rule.js';
import { mustBeOwnInbox } from '../../inboxes/own-inbox.js';
import type { PolicyInForce, PolicySubject } from '../policy.js';
import { bodyOf } from '../redact/body-of.js';
import { Effort } from '../patterns/effort.js';
import { simulateRate } from './simulate-rate.js';

/** The newest; a page of them is read in milliseconds, and their content in some more each. */
const MESSAGES_MAX = 1000;
/** Well below what the caller waits for an answer (10 s). */
const READING_MAX_MS = 6000;

/** At once in a process, beside the scan of what is really sent. */
const AT_ONCE_MAX = 2;

type Match = PolicyBacktest['matches'][number];

/**
 * Runs a policy over what was sent. Who and when is kept with each verdict; what was said is asked of messaging, which alone
 * keeps it, so that what was deleted is not looked at. Stores nothing.
 */
@Injectable()
export class Backtest {
  private running = 0;

  constructor(
    private readonly database: Database,
    private readonly traffic: JudgedTrafficStore,
    private readonly commands: CommandClient,
    private readonly mails: MailReader,
  ) {}

  /**
   * @throws AppError as making the policy would; `unavailable` when messaging is away; `rate_limited` while others are running.
   */
  async run(context: CommandContext, settings: CreatePolicyBody, since: Date): Promise<PolicyBacktest> {
    if (this.running >= AT_ONCE_MAX) throw rateLimited(READING_MAX_MS / 1000);
    this.running += 1;
    try {
      return await this.test(context, settings, since);
    } finally {
      this.running -= 1;
    }
  }

  private async test(context: CommandContext, settings: CreatePolicyBody, since: Date): Promise<PolicyBacktest> {
    if (settings.inbox_id !== null) mustBeOwnInbox(context, settings.inbox_id);
    checkRule(settings, 'policy.config');
    const inboxIds = settings.inbox_id === null ? context.inboxIds : [settings.inbox_id];
    const rows = await this.database.asTenant(context, (tx) =>
      this.traffic.newest(tx, context, { inboxIds, since, limit: MESSAGES_MAX + 1 }),
    );
    const messages = rows.slice(0, MESSAGES_MAX);
    const policy = toPolicyInForce({ ...settings, id: newId('pol'), version: 1 });
    const seen = await this.look(context, policy, messages);
    return {
      evaluated: seen.evaluated,
      complete: seen.complete && rows.length <= MESSAGES_MAX,
      matches: seen.matches,
    };
  }

  private async look(
    context: CommandContext,
    policy: PolicyInForce,
    messages: readonly JudgedMessage[],
  ): Promise<PolicyBacktest> {
    if (policy.type === 'rate_limit') {
      const reasons = simulateRate(
        policy.config,
        messages.map(({ judged_at }) => judged_at.getTime()).toReversed(),
      ).toReversed();
      const matches = messages.flatMap(({ message_id }, n) => matchOf(message_id, policy.action, reasons[n] ?? null));
      return { evaluated: messages.length, complete: true, matches };
    }
    const effort = new Effort(READING_MAX_MS);
    const matches: Match[] = [];
    let evaluated = 0;
    for (const message of messages) {
      if (effort.spent) return { evaluated, complete: false, matches };
      const content = await this.contentFor(policy, context, message);
      if (content === null) continue;
      evaluated += 1;
      const { hits } = applyPolicies([policy], {
        ...content,
        recipients: message.judged_with.recipients.map(addressKey),
        answers: message.judged_with.answers,
        riskScore: message.risk_score,
        redacted: false,
      });
      matches.push(...hits.flatMap(({ action, reason }) => matchOf(message.message_id, action, reason)));
    }
    return { evaluated, complete: true, matches };
  }

  /** What the policy reads of a message; null when the message is gone. */
  private async contentFor(
    { type }: PolicyInForce,
    context: CommandContext,
    { message_id: id }: JudgedMessage,
  ): Promise<Pick<PolicySubject, 'mail' | 'body'> | null> {
    if (type !== 'keyword_filter' && type !== 'pii_redaction') return { mail: null, body: null };
    const raw = await this.rawOf(context, id);
    if (raw === null) return null;
    const { mail } = await this.mails.outbound(context, raw);
    return { mail, body: type === 'pii_redaction' ? await bodyOf(raw) : null };
  }

  private async rawOf(context: CommandContext, id: string): Promise<Buffer | null> {
    try {
      const { value } = await this.commands.ask(GetRawMessage, context, { id, readWithheld: true });
      return await this.mails.octets(context, value.raw);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return null;
      throw error;
    }
  }
}

const matchOf = (message_id: JudgedMessage['message_id'], action: Match['action'], reason: string | null): Match[] =>
  reason === null ? [] : [{ message_id, action, reason }];
