import { AppError } from '@postern/platform';

/** Thrown by a handler for a fact that no retry can help: it goes to the dead letters with this reason. */
export class Reject extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'Reject';
  }
}

/** Tries of a fact whose handler fails for no known temporary reason (a bug): about half an hour in all. */
export const TRIES_MAX = 10;
const FIRST_DELAY_MS = 250;
const LAST_DELAY_MS = 300_000;

export type Verdict = { kind: 'retry'; delayMs: number } | { kind: 'dead'; reason: string };

/** Errors that say "not now" whatever the fact: they never use up a try. */
export const isTemporary = (error: unknown): boolean =>
  (error instanceof AppError && error.temporary) ||
  // Class 08 connection, 40 rollback, 53 resources, 57 operator intervention (PostgreSQL, appendix A).
  /^(08|40|53|57)/.test(String((error as { code?: unknown } | null)?.code ?? '')) ||
  /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)/.test(String((error as { code?: unknown } | null)?.code ?? ''));

/**
 * Whose fault is it, and so what becomes of the fact? Ours: it comes again, later each time. Nobody's who could mend
 * it by waiting: the dead letters. What others did wrong (SES throttles, an endpoint fails) never gets here: that is
 * data, with a time for the next attempt in a row.
 * @param deliveries  how often the fact was delivered, this time included.
 */
export function decide(error: unknown, deliveries: number): Verdict {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof Reject) return { kind: 'dead', reason: error.message };
  const delayMs = Math.min(LAST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(deliveries - 1, 20));
  if (isTemporary(error)) return { kind: 'retry', delayMs: Math.min(delayMs, 10_000) };
  return deliveries >= TRIES_MAX ? { kind: 'dead', reason } : { kind: 'retry', delayMs };
}
