import type { PolicyConfigs } from '@postern/contracts';

/** Messages of the scope that were let go, or wait, within the last hour and the last 24. */
export interface SentLately {
  hour: number;
  day: number;
}

/** Speaks against a message that would be one too many. */
export function isTooMany(
  { max_per_hour, max_per_day }: PolicyConfigs['rate_limit'],
  { hour, day }: SentLately,
): string | null {
  if (max_per_hour !== undefined && hour >= max_per_hour) return `${max_per_hour} messages were sent within an hour.`;
  if (max_per_day !== undefined && day >= max_per_day) return `${max_per_day} messages were sent within 24 hours.`;
  return null;
}
