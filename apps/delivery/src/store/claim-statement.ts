import { sql } from '@postern/platform';
import { BRAKES_SEND } from './brakes.js';

/** Organizations looked at in one claim; the next claim goes on after them. Each costs one index probe. */
const ORGANIZATIONS_MAX = 500;

// Pending sends of a mode ($1), after an organization ($2).
const SEEN = `
     (SELECT organization_id, 1 AS hops FROM sends
       WHERE state = 'pending' AND NOT parked AND mode = $1 AND organization_id > $2 ORDER BY organization_id, next_attempt_at LIMIT 1)
     UNION ALL
     SELECT (SELECT s.organization_id FROM sends s
              WHERE s.state = 'pending' AND NOT s.parked AND s.mode = $1 AND s.organization_id > seen.organization_id
              ORDER BY s.organization_id, s.next_attempt_at LIMIT 1), hops + 1
       FROM seen WHERE seen.organization_id IS NOT NULL AND hops < ${ORGANIZATIONS_MAX}`;
const IS_DUE = `(SELECT s.next_attempt_at FROM sends s
              WHERE s.state = 'pending' AND NOT s.parked AND s.mode = $1 AND s.organization_id = seen.organization_id
              ORDER BY s.next_attempt_at LIMIT 1) <= now()`;
/**
 * Whether a claim may find something. $1 mode, $2 after which organization. Where there are more organizations than are
 * looked at, something may be due in the others.
 */
export const ANY_DUE = sql(
  'send_any_due',
  `WITH RECURSIVE seen AS (${SEEN})
   SELECT EXISTS (SELECT 1 FROM seen WHERE hops >= ${ORGANIZATIONS_MAX} OR ${IS_DUE}) AS due`,
);

/**
 * Claims in one statement. $1 mode, $2 after which organization, $3 messages, $4 token, $5 lease in seconds, $6 recipients,
 * $7 and $8 shares of organizations.
 *
 * 1. `seen`: hops from organization to organization that has anything pending, by one index probe each, from the cursor on.
 * 2. `due`: those of them whose first pending send is due.
 * 3. `locked`: for each of them its share of the sends, earliest first, skipping what other replicas are claiming. `picked`:
 *    of those as many as the recipients allow, in rounds: `turn` is how much of its own share went before it, so all first
 *    sends come before all second ones, and a send to 50 counts 50.
 * 4. `decided`: who is suppressed is looked up here and nowhere else: a suppression that was committed before the claim
 *    began is obeyed, however long the send had waited. `halted`, `braked`: the same for pauses and for brakes. What is due
 *    then is parked, so that no later claim sees it; the lock makes a resume wait until this claim is over (pauses.ts).
 *    Locks come in one order, first those of all pauses, then those of brakes: who writes several waits for no claim in a circle.
 * The planner cannot know how few rows `picked` has, nor how many sends have ended. Orders that only the index of due sends
 * has, looking rows up by their place (they are locked, so it is theirs), and suppressions one by one (LATERAL with LIMIT)
 * leave it no way to read a whole table.
 */
export const CLAIM = sql(
  'send_claim',
  `WITH RECURSIVE seen AS (${SEEN}
   ), due AS (
     SELECT seen.organization_id, coalesce(w.weight, 1) AS weight
       FROM seen LEFT JOIN unnest($7::text[], $8::int[]) AS w(organization_id, weight) USING (organization_id)
      WHERE ${IS_DUE}
      ORDER BY organization_id LIMIT $3
   ), locked AS MATERIALIZED (
     SELECT p.*, due.weight FROM due CROSS JOIN LATERAL (
       SELECT s.ctid AS place, s.next_attempt_at, cardinality(s.recipients) AS size, s.organization_id, s.mode, s.inbox_id,
              s.mail_from, s.recipients, s.left_out, s.deferred_reason
         FROM sends s
        WHERE s.state = 'pending' AND NOT s.parked AND s.mode = $1 AND s.organization_id = due.organization_id
          AND s.next_attempt_at <= now()
        ORDER BY s.next_attempt_at
        LIMIT (SELECT ceil($3::numeric * due.weight / sum(d.weight))::int FROM due d)
        FOR UPDATE SKIP LOCKED) p
   ), rounds AS (
     SELECT l.*, (sum(l.size) OVER (PARTITION BY l.organization_id ORDER BY l.next_attempt_at, l.place) - l.size)::float8
                 / l.weight AS turn
       FROM locked l
   ), picked AS MATERIALIZED (
     SELECT r.* FROM (
       SELECT r.*, row_number() OVER fair AS number, sum(r.size) OVER fair - r.size AS before FROM rounds r
       WINDOW fair AS (ORDER BY r.turn, r.organization_id ROWS UNBOUNDED PRECEDING)) r
      WHERE r.number <= $3 AND r.before < $6
   ), hits AS (
     SELECT p.place, array_agg(r.address) AS dropped, array_agg(x.reason) AS reasons
       FROM picked p CROSS JOIN LATERAL unnest(p.recipients) AS r(address)
       CROSS JOIN LATERAL (
         SELECT x.reason FROM suppressions x
          WHERE x.organization_id = p.organization_id AND x.mode = p.mode AND x.address = lower(r.address) LIMIT 1) x
      WHERE r.address <> ALL (p.left_out)
      GROUP BY p.place
   ), halted AS (
     SELECT p.place FROM (SELECT * FROM picked ORDER BY organization_id, mode, inbox_id) p CROSS JOIN LATERAL (
       SELECT 1 FROM inbox_pauses i
        WHERE i.organization_id = p.organization_id AND i.mode = p.mode AND i.inbox_id = p.inbox_id AND i.state = 'paused'
        FOR SHARE) i
   ), braked AS (
     SELECT DISTINCT b.place FROM (
       SELECT s.place, r.* FROM picked s CROSS JOIN LATERAL (
         SELECT r.organization_id, r.mode, r.scope, r.subject FROM reputations r WHERE ${BRAKES_SEND} OFFSET 0) r
        WHERE s.place <> ALL (ARRAY (SELECT place FROM halted))
        ORDER BY r.organization_id, r.mode, r.scope, r.subject) b
       CROSS JOIN LATERAL (
         SELECT 1 FROM reputations r
          WHERE r.organization_id = b.organization_id AND r.mode = b.mode AND r.scope = b.scope AND r.subject = b.subject
            AND r.level = 'paused' LIMIT 1 FOR SHARE) r
   ), decided AS (
     SELECT p.place, CASE WHEN w.why IS NULL THEN coalesce(h.dropped, '{}') ELSE '{}' END AS dropped,
            coalesce(h.reasons, '{}') AS reasons, w.why IS NOT NULL AS parked, w.why,
            w.why IS NOT NULL AND p.deferred_reason IS DISTINCT FROM w.why AS parked_now,
            w.why IS NULL AND cardinality(p.recipients) > cardinality(p.left_out || coalesce(h.dropped, '{}')) AS goes
       FROM picked p LEFT JOIN hits h USING (place) LEFT JOIN halted a USING (place) LEFT JOIN braked b USING (place)
       CROSS JOIN LATERAL (
         SELECT CASE WHEN a.place IS NOT NULL THEN 'inbox_paused' WHEN b.place IS NOT NULL THEN 'reputation_paused' END AS why) w
   ), touched AS (
     UPDATE sends s
        SET state = CASE WHEN d.goes THEN 'claimed' WHEN d.parked THEN 'pending' ELSE 'suppressed' END,
            parked = d.parked,
            claim_token = CASE WHEN d.goes THEN $4::uuid END,
            lease_until = CASE WHEN d.goes THEN now() + $5 * interval '1 second' END,
            attempt = s.attempt + d.goes::int,
            first_attempt_at = CASE WHEN d.parked THEN s.first_attempt_at ELSE coalesce(s.first_attempt_at, now()) END,
            left_out = s.left_out || d.dropped,
            content = CASE WHEN d.goes OR d.parked THEN s.content END,
            deferred_reason = coalesce(d.why, s.deferred_reason),
            updated_at = now()
       FROM decided d
      WHERE s.ctid = d.place AND s.ctid = ANY (array(SELECT place FROM picked))
     RETURNING s.*, d.dropped, d.reasons, d.goes, CASE WHEN d.parked_now THEN d.why END AS parked_now
   )
   SELECT CASE WHEN (SELECT count(*) FROM rounds WHERE turn = 0) > (SELECT count(*) FROM picked WHERE turn = 0)
                 THEN (SELECT max(organization_id) FROM picked WHERE turn = 0)
               WHEN (SELECT count(*) FROM due) >= $3 THEN (SELECT max(organization_id) FROM due)
               WHEN (SELECT count(organization_id) FROM seen) >= ${ORGANIZATIONS_MAX} THEN (SELECT max(organization_id) FROM seen)
               ELSE '' END AS cursor,
          t.organization_id, t.mode, t.message_id, t.goes, t.parked_now, t.attempt, t.tries, t.first_attempt_at, t.deferred_reason,
          t.mail_from, t.content, t.envelope, t.content_hash, t.dropped, t.reasons, t.correlation_id, t.causation_id, t.traceparent,
          array(SELECT r FROM unnest(t.recipients) AS r WHERE r <> ALL (t.left_out)) AS recipients
     FROM (VALUES (1)) AS always LEFT JOIN touched t ON true`,
);
