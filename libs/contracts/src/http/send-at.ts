import { TimestampInput } from './timestamp.js';

/** The longest time for which a message can be scheduled ahead. */
export const SCHEDULE_DAYS_MAX = 30;
const DAY_MS = 24 * 3600 * 1000;

/** When a message shall leave: RFC 3339 with any offset, at most 30 days ahead. A time that is over means at once. */
export const SendAt = TimestampInput.refine(
  // What is no time at all has been told already.
  (value) => !(new Date(value).getTime() > Date.now() + SCHEDULE_DAYS_MAX * DAY_MS),
  { message: `must be at most ${SCHEDULE_DAYS_MAX} days ahead` },
).meta({ description: 'When it shall leave; at most 30 days ahead. A time that is over means at once.' });
