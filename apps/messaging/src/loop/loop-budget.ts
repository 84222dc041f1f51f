import type { LoopLimits } from './loop-limits.js';

/** A time in which nothing more is sent to a counterparty in a thread. */
export interface CoolDown {
  until: Date;
  /** It began because a machine wrote the last mail. */
  automatic: boolean;
}

/** What there was between an inbox and a counterparty in a thread. */
export interface Standing {
  /** Messages of the inbox to the counterparty within the window. */
  used: number;
  /** A machine wrote the last mail. */
  automatic: boolean;
  /** The last one, which may be over. */
  coolDown: CoolDown | null;
}

/** Whether one more message may go. */
export type LoopVerdict =
  { isOver: false; limit: number } | { isOver: true; limit: number; coolDown: CoolDown; isNew: boolean };

/**
 * Decides about one more message. One that is over the limit begins a cool-down, in which everything is refused. A cool-down
 * that began with a machine's answer ends as soon as somebody writes by hand. Pure.
 */
export function judgeLoop({ used, automatic, coolDown }: Standing, now: Date, limits: LoopLimits): LoopVerdict {
  if (coolDown !== null && coolDown.until > now && (automatic || !coolDown.automatic)) {
    return { isOver: true, limit: limitOf(coolDown, limits), coolDown, isNew: false };
  }
  const limit = limitOf({ automatic }, limits);
  if (used < limit) return { isOver: false, limit };
  const until = new Date(now.getTime() + limits.coolDownSeconds * 1000);
  return { isOver: true, limit, coolDown: { until, automatic }, isNew: true };
}

const limitOf = ({ automatic }: Pick<CoolDown, 'automatic'>, { automaticMessages, messages }: LoopLimits): number =>
  automatic ? automaticMessages : messages;
