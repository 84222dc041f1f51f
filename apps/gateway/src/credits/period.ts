import { timeOf } from '@postern/contracts';

/** A calendar month in UTC, named by its first day: `2026-11-01`. */
export type Period = string;

export const periodAt = (at: Date): Period => `${at.toISOString().slice(0, 7)}-01`;

/**
 * The period that pays for a message: that of the time inside its id, so that reservation, fact and refund always mean
 * the same one, however late they come.
 */
export const periodOf = (messageId: string): Period => periodAt(timeOf(messageId));

/** First moment of a period, and first moment of the next one. */
export function boundsOf(period: Period): { start: Date; end: Date } {
  const start = new Date(`${period}T00:00:00.000Z`);
  return { start, end: new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1)) };
}
