import type { ThreadId } from '@postern/contracts';
import { type AppError, rateLimited } from '@postern/platform';
import type { LoopLimits } from './loop-limits.js';
import type { SpentPair } from './loop-tally.js';

/**
 * `rate_limited` for a message that would go on with a loop. It names only counterparties that the sender names itself, and
 * says until when the last of them is closed.
 * @param spent  at least one.
 */
export function loopRefusal(threadId: ThreadId, spent: readonly SpentPair[], limits: LoopLimits, now: Date): AppError {
  const { limit, coolDown } = spent
    .map(({ verdict }) => verdict)
    .reduce((one, other) => (other.coolDown.until > one.coolDown.until ? other : one));
  return rateLimited(
    Math.ceil((coolDown.until.getTime() - now.getTime()) / 1000),
    'Wait as long as Retry-After says: so many messages to details.counterparties in one thread look like a mail loop.',
    {
      reason: 'loop',
      thread_id: threadId,
      counterparties: spent.map(({ pair }) => pair.counterparty),
      limit,
      window_seconds: limits.windowSeconds,
      cool_down_until: coolDown.until.toISOString(),
    },
  );
}
