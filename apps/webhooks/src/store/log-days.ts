/** The day of the log's clock, which is the database's: one clock for all replicas. */
export const TODAY = `(clock_timestamp() AT TIME ZONE 'UTC')::date`;

/**
 * An expression for the day on which the event with a sequence was recorded, or would be. Of the tenant in `$1` and `$2`.
 * Days never fall while sequences grow, so what comes after it has this day or a later one. Where nobody noted it: the first day.
 */
export const dayOf = (sequence: string): string =>
  `coalesce((SELECT d.day FROM log_days d WHERE d.organization_id = $1 AND d.mode = $2 AND d.first_sequence <= ${sequence}
              ORDER BY d.day DESC LIMIT 1), '-infinity'::date)`;

/**
 * Conditions for the event `e` of a call `c`; where the call does not know its day, it is looked for in all of them. The id alone
 * shall lead to it, hence no equality of the tenant: while a table is young, every key that begins with the tenant looks as
 * good to the planner, and reads all events of the tenant for each call.
 */
export const eventOfCall = `e.id = c.event_id
  AND e.day BETWEEN coalesce(c.event_day, '-infinity'::date) AND coalesce(c.event_day, 'infinity'::date)
  AND e.organization_id IS NOT DISTINCT FROM c.organization_id AND e.mode IS NOT DISTINCT FROM c.mode`;

/**
 * Conditions for the events `e` of a tenant after a sequence, which lies on a day. `day` alone chooses the partitions, both together
 * the place in the key; ordered by both, partitions are read one after the other.
 */
export const eventsAfter = (day: string, sequence: string): string =>
  `e.day >= ${day} AND (e.day, e.sequence) > (${day}, ${sequence})`;

/** Likewise for those up to a sequence. */
export const eventsUpTo = (day: string, sequence: string): string =>
  `e.day <= ${day} AND (e.day, e.sequence) <= (${day}, ${sequence})`;
