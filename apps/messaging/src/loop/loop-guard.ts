import { Inject, Injectable } from '@nestjs/common';
import {
  addressKey,
  type CommandContext,
  type LoopAllowance,
  type MessageId,
  type Tenant,
  ThreadLoopDetectedV1,
  type ThreadId,
  timeOf,
} from '@postern/contracts';
import { Outbox } from '@postern/eventing';
import { type AppError, CONFIG, type Tx } from '@postern/platform';
import { type LoopPair, LoopStore, pairKey } from '../store/loop.store.js';
import type { MessageWithState } from '../store/message.row.js';
import { type LoopConfig, type LoopLimits, loopLimitsOf } from './loop-limits.js';
import { loopRefusal } from './loop-refusal.js';
import { isSpent, LoopTally, type SpentPair } from './loop-tally.js';

/** A message on its way into its thread. */
export interface WatchedMessage {
  context: CommandContext;
  message: MessageWithState;
  /** False: its thread has too few messages for a loop. */
  watched: boolean;
}

/** A message that was refused, and a counterparty whose cool-down begins with it. */
interface Detected extends SpentPair {
  by: WatchedMessage;
}

/**
 * Ends mail loops: an inbox writes to a counterparty in a thread so often and no more, whatever becomes of the messages. What
 * is counted are the messages themselves, by the times in their ids: a thread that is too young for a loop costs nothing.
 */
@Injectable()
export class LoopGuard {
  private readonly limits: LoopLimits;

  constructor(
    private readonly store: LoopStore,
    private readonly outbox: Outbox,
    @Inject(CONFIG) config: LoopConfig,
  ) {
    this.limits = loopLimitsOf(config);
  }

  /** Whether one more message may be too many for a thread that has so many in both directions. */
  mustWatch(messageCount: number): boolean {
    return messageCount >= Math.min(this.limits.messages, this.limits.automaticMessages);
  }

  /**
   * Refuses watched messages of a batch that would go over a limit, in the order given, and tells of each loop once per
   * cool-down. Their threads are locked by the transaction, so that what is counted stays true until its end.
   * @returns the refusals, by message: `rate_limited`.
   */
  async refuse(tx: Tx, batch: readonly WatchedMessage[]): Promise<Map<MessageId, AppError>> {
    const watched = batch.filter((one) => one.watched);
    const [first] = watched;
    if (first === undefined) return new Map();
    const tally = await this.tally(tx, watched.flatMap(pairsOfMessage), timeOf(first.message.id));
    const refusals = new Map<MessageId, AppError>();
    const detected: Detected[] = [];
    for (const by of watched) {
      const { id, thread_id: threadId } = by.message;
      const spent = tally.take(pairsOfMessage(by), timeOf(id));
      if (spent.length === 0) continue;
      refusals.set(id, loopRefusal(threadId, spent, this.limits, timeOf(id)));
      detected.push(...spent.filter(({ verdict }) => verdict.isNew).map((one) => ({ ...one, by })));
    }
    await this.tell(tx, detected);
    return refusals;
  }

  /**
   * What is left to the counterparty that was written to most, without counting anything. Empty where a thread begins.
   * @param now  the time of the message, as its id tells it.
   * @throws AppError `rate_limited`, as the send would be refused.
   */
  async left(
    tx: Pick<Tx, 'query'>,
    message: Tenant & { threadId: ThreadId | null; recipients: readonly string[] },
    now: Date,
  ): Promise<LoopAllowance[]> {
    const { threadId } = message;
    if (threadId === null) return [];
    const pairs = pairsOf({ ...message, threadId });
    const judged = (await this.tally(tx, pairs, now)).judge(pairs, now);
    const spent = judged.filter(isSpent);
    if (spent.length > 0) throw loopRefusal(threadId, spent, this.limits, now);
    return judged
      .map(({ pair: { counterparty }, used, verdict: { limit } }): LoopAllowance => {
        const window_seconds = this.limits.windowSeconds;
        return { of: 'thread', counterparty, limit, used, remaining: limit - used, window_seconds };
      })
      .toSorted((one, other) => one.remaining - other.remaining)
      .slice(0, 1);
  }

  private async tally(tx: Pick<Tx, 'query'>, pairs: readonly LoopPair[], now: Date): Promise<LoopTally> {
    const once = new Map(pairs.map((pair) => [pairKey(pair), pair]));
    const since = new Date(now.getTime() - this.limits.windowSeconds * 1000);
    const found = await this.store.standings(tx, [...once.values()], since);
    return new LoopTally(
      new Map([...once.keys()].flatMap((key, n) => (found[n] ? [[key, found[n]]] : []))),
      this.limits,
    );
  }

  private async tell(tx: Tx, detected: readonly Detected[]): Promise<void> {
    if (detected.length === 0) return;
    const kinds = await this.store.begin(
      tx,
      detected.map(({ pair, verdict, by }) => ({ ...pair, ...verdict.coolDown, inboxId: by.message.inbox_id })),
    );
    await this.outbox.add(
      tx,
      ThreadLoopDetectedV1,
      detected.map(({ pair, verdict: { limit, coolDown }, by: { context, message } }) => ({
        organizationId: pair.organizationId,
        mode: pair.mode,
        correlationId: context.requestId,
        traceparent: context.traceparent,
        data: {
          loop: {
            thread_id: pair.threadId,
            inbox_id: message.inbox_id,
            counterparty: pair.counterparty,
            counterparty_kind: kinds.get(pairKey(pair)) ?? 'other',
            automatic: coolDown.automatic,
            limit,
            window_seconds: this.limits.windowSeconds,
            detected_at: timeOf(message.id).toISOString(),
            cool_down_until: coolDown.until.toISOString(),
          },
        },
      })),
    );
  }
}

/** Everyone who gets a copy. */
const pairsOfMessage = ({ message }: WatchedMessage): LoopPair[] =>
  pairsOf({
    organizationId: message.organization_id,
    mode: message.mode,
    threadId: message.thread_id,
    recipients: message.recipients.flatMap(({ status, address }) => (status === 'queued' ? [address] : [])),
  });

const pairsOf = ({
  organizationId,
  mode,
  threadId,
  recipients,
}: Tenant & { threadId: ThreadId; recipients: readonly string[] }): LoopPair[] =>
  [...new Set(recipients.map(addressKey))].map((counterparty) => ({ organizationId, mode, threadId, counterparty }));
