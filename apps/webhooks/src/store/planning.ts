/**
 * How connections of this service plan. A plan is made with the statistics of its moment and kept: made while a table is young, it would
 * read that from one end to the other when it has grown. Every statement here has its index. No plan is compiled: PostgreSQL
 * before 18 takes a scan that cannot be avoided for an endless one, which would be worth it.
 */
export const PLANNING = { enable_seqscan: 'off', jit: 'off' } as const;

/**
 * Condition under which `c` is the call that a row names, by its key alone. As a list of one, the organization leads into the key but
 * cannot join: a join is planned by how many calls there were, and would read all of them. What uses this must not ask for
 * `status = 'pending'` either, which offers the index of all pending calls in place of the key; `due_at` tells the same.
 */
export const callOf = (row: string): string =>
  `c.organization_id = ANY(ARRAY[${row}.organization_id]) AND c.mode = ${row}.mode AND c.id = ${row}.id`;

/**
 * The order in which calls `c` are locked. It is one value: whatever is sorted by the columns of the key can be merged with the key, and
 * then reads all calls there are.
 */
export const CALL_ORDER = '(c.organization_id, c.mode, c.id)';
