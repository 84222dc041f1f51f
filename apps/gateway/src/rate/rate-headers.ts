import type { Standing } from './token-block.js';

export type RateHeaders = Record<'ratelimit-limit' | 'ratelimit-remaining' | 'ratelimit-reset', string>;

/** The headers of a reply to somebody who stands there. */
export const rateHeaders = ({ limit, remaining, resetSeconds }: Standing): RateHeaders => ({
  'ratelimit-limit': String(limit),
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(resetSeconds),
});
