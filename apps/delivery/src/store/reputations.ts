import { Injectable } from '@nestjs/common';
import {
  REPUTATIONS_MAX,
  type OrganizationId,
  type ReputationCause,
  type ReputationCounts,
  type ReputationLevel,
  type ReputationScope,
  type Tenant,
} from '@postern/contracts';
import { Database, sql, type Tx } from '@postern/platform';

/** What rates are counted for. `subject`: id of the inbox, name of the domain, or empty. */
export interface ReputationSubject extends Tenant {
  scope: ReputationScope;
  subject: string;
}

/** A subject with what was counted within the window. */
export interface CountedSubject extends ReputationSubject {
  counts: ReputationCounts;
  /** `paused` until the brake is lifted. */
  level: ReputationLevel;
  cause: ReputationCause | null;
  changedAt: Date | null;
}

interface Row {
  organization_id: OrganizationId;
  mode: Tenant['mode'];
  scope: ReputationScope;
  subject: string;
  sent: number;
  bounced: number;
  complained: number;
  level: ReputationLevel | 'releasing' | null;
  cause: ReputationCause | null;
  changed_at: Date | null;
}

/** Notes added up in one transaction. */
const ADDED_AT_ONCE = 2_000;
/** Rows that housekeeping takes at once. */
const FORGOTTEN_AT_ONCE = 5_000;

// Held until the transaction ends: adding up, judging and lifting come one after the other, whichever replica does them.
const LOCK = sql('reputation_lock', `SELECT pg_advisory_xact_lock(hashtextextended('postern:delivery:reputation', 0))`);
const TRY_LOCK = sql(
  'reputation_try_lock',
  `SELECT pg_try_advisory_xact_lock(hashtextextended('postern:delivery:reputation', 0)) AS held`,
);
const ADD_UP = sql(
  'reputation_add_up',
  `WITH taken AS (
     DELETE FROM reputation_notes WHERE id IN (SELECT id FROM reputation_notes ORDER BY id LIMIT ${ADDED_AT_ONCE})
     RETURNING *
   ), parts AS (
     SELECT t.organization_id, t.mode, v.scope, v.subject, date_trunc('hour', t.sent_at, 'UTC') AS hour,
            sum(t.sent) AS sent, sum(t.bounced) AS bounced, sum(t.complained) AS complained
       FROM taken t CROSS JOIN LATERAL (VALUES ('inbox', t.inbox_id), ('domain', t.domain), ('organization', '')) AS v(scope, subject)
       LEFT JOIN reputations r ON r.organization_id = t.organization_id AND r.mode = t.mode AND r.scope = v.scope AND r.subject = v.subject
      WHERE v.subject IS NOT NULL AND t.sent_at >= coalesce(r.counted_since, '-infinity')
      GROUP BY 1, 2, 3, 4, 5
   ), added AS (
     INSERT INTO reputation_counts AS c SELECT * FROM parts
     ON CONFLICT (organization_id, mode, scope, subject, hour) DO UPDATE
        SET sent = c.sent + excluded.sent, bounced = c.bounced + excluded.bounced, complained = c.complained + excluded.complained
     RETURNING organization_id, mode, scope, subject
   )
   SELECT DISTINCT organization_id, mode, scope, subject FROM added`,
);
const COUNTED = `
  SELECT k.organization_id, k.mode, k.scope, k.subject, coalesce(c.sent, 0) AS sent, coalesce(c.bounced, 0) AS bounced,
         coalesce(c.complained, 0) AS complained, r.level, r.cause, r.changed_at
    FROM keys k LEFT JOIN reputations r USING (organization_id, mode, scope, subject)
    LEFT JOIN LATERAL (
      SELECT sum(n.sent)::int AS sent, sum(n.bounced)::int AS bounced, sum(n.complained)::int AS complained
        FROM reputation_counts n
       WHERE n.organization_id = k.organization_id AND n.mode = k.mode AND n.scope = k.scope AND n.subject = k.subject
         AND n.hour > now() - $1 * interval '1 hour') c ON true`;
const COUNT = sql(
  'reputation_count',
  `WITH keys AS (
     SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS k(organization_id, mode, scope, subject)
   ) ${COUNTED}`,
);
const SHOW = sql(
  'reputation_show',
  `WITH keys AS (
     SELECT $2::text AS organization_id, $3::text AS mode, 'organization' AS scope, '' AS subject
      UNION
     SELECT DISTINCT organization_id, mode, scope, subject FROM reputation_counts
      WHERE organization_id = $2 AND mode = $3 AND scope = 'domain'
      UNION
     SELECT organization_id, mode, scope, subject FROM reputations
      WHERE organization_id = $2 AND mode = $3 AND (scope = 'domain' OR level IN ('warned', 'paused'))
   ) SELECT * FROM (${COUNTED}) q
      ORDER BY array_position(array['paused', 'warned'], level), array_position(array['organization', 'domain'], scope), subject
      LIMIT ${REPUTATIONS_MAX}`,
);
const SET = sql(
  'reputation_set',
  `INSERT INTO reputations AS r (organization_id, mode, scope, subject, level, cause, version)
   VALUES ($1, $2, $3, $4, $5, $6, 1)
   ON CONFLICT (organization_id, mode, scope, subject) DO UPDATE
      SET level = $5, cause = $6, version = r.version + 1, changed_at = now(), handed_version = NULL
   RETURNING version`,
);
const LIFT = sql(
  'reputation_lift',
  `UPDATE reputations SET level = $5, version = version + 1, changed_at = now(), counted_since = now(), handed_version = NULL, cause = NULL
    WHERE organization_id = $1 AND mode = $2 AND scope = $3 AND subject = $4 RETURNING version`,
);
const COUNT_ANEW = sql(
  'reputation_count_anew',
  `DELETE FROM reputation_counts WHERE organization_id = $1 AND mode = $2 AND scope = $3 AND subject = $4`,
);
const BRAKED = sql(
  'reputation_braked',
  `SELECT organization_id, mode, scope, subject FROM reputations
    WHERE organization_id = $1 AND mode = $2 AND level = 'paused' AND scope IN ('organization', 'domain')
      AND ($3::text IS NULL OR (scope = 'domain' AND subject = $3))
    ORDER BY scope, subject`,
);
const FORGET_COUNTS = sql(
  'reputation_forget_counts',
  `DELETE FROM reputation_counts WHERE ctid IN (
     SELECT ctid FROM reputation_counts WHERE hour < now() - $1 * interval '1 hour' LIMIT ${FORGOTTEN_AT_ONCE})`,
);
const FORGET_REPORTS = sql(
  'reputation_forget_reports',
  `DELETE FROM reputation_reports WHERE ctid IN (
     SELECT ctid FROM reputation_reports WHERE noted_at < now() - $1 * interval '1 hour' LIMIT ${FORGOTTEN_AT_ONCE})`,
);

/** Rates, and the brakes that follow from them. */
@Injectable()
export class ReputationStore {
  constructor(private readonly database: Database) {}

  /**
   * Adds up a part of what was noted.
   * @returns the subjects whose counts have changed, in no order; null when another process is at it.
   */
  async addUp(tx: Tx): Promise<ReputationSubject[] | null> {
    const [lock] = await tx.query<{ held: boolean }>(TRY_LOCK);
    if (lock?.held !== true) return null;
    return (await tx.query<Row>(ADD_UP)).map(subjectOf);
  }

  /** @returns what was counted for each subject within the window, in no order. */
  async count(tx: Tx, subjects: readonly ReputationSubject[], windowHours: number): Promise<CountedSubject[]> {
    if (subjects.length === 0) return [];
    const rows = await tx.query<Row>(COUNT, [
      windowHours,
      subjects.map(({ organizationId }) => organizationId),
      subjects.map(({ mode }) => mode),
      subjects.map(({ scope }) => scope),
      subjects.map(({ subject }) => subject),
    ]);
    return rows.map(countedOf);
  }

  /** The organization, its domains, and what stands out; the worst first. */
  async show(tenant: Tenant, windowHours: number): Promise<CountedSubject[]> {
    const { organizationId, mode } = tenant;
    const rows = await this.database.asTenant(tenant, (tx) => tx.query<Row>(SHOW, [windowHours, organizationId, mode]));
    return rows.map(countedOf);
  }

  /** @returns the version of the change. */
  async set(
    tx: Tx,
    subject: ReputationSubject,
    level: ReputationLevel,
    cause: ReputationCause | null,
  ): Promise<number> {
    return version(await tx.query<{ version: number }>(SET, [...keyOf(subject), level, cause]));
  }

  /** Keeps everybody else from adding up and lifting until the transaction ends. */
  async lock(tx: Tx): Promise<void> {
    await tx.query(LOCK);
  }

  /** What of an organization is braked beyond single inboxes. @param domain  null: all of it. */
  async braked(tx: Tx, { organizationId, mode }: Tenant, domain: string | null): Promise<ReputationSubject[]> {
    return (await tx.query<Row>(BRAKED, [organizationId, mode, domain])).map(subjectOf);
  }

  /**
   * Ends a brake: mail that is sent from now on counts, nothing from before. Call {@link lock} first.
   * @returns the version of the change.
   */
  async lift(tx: Tx, subject: ReputationSubject): Promise<number> {
    await tx.query(COUNT_ANEW, keyOf(subject));
    const level = subject.scope === 'inbox' ? 'good' : 'releasing';
    return version(await tx.query<{ version: number }>(LIFT, [...keyOf(subject), level]));
  }

  /** Removes a part of what is older than the window. */
  async forget(windowHours: number): Promise<void> {
    await this.database.query(FORGET_COUNTS, [windowHours]);
    await this.database.query(FORGET_REPORTS, [windowHours]);
  }
}

const keyOf = ({ organizationId, mode, scope, subject }: ReputationSubject): string[] => [
  organizationId,
  mode,
  scope,
  subject,
];
const version = ([row]: readonly { version: number }[]): number => row?.version ?? 0;

const subjectOf = ({ organization_id, mode, scope, subject }: Row): ReputationSubject => ({
  organizationId: organization_id,
  mode,
  scope,
  subject,
});

const countedOf = (row: Row): CountedSubject => ({
  ...subjectOf(row),
  counts: { sent: row.sent, bounced: row.bounced, complained: row.complained },
  level: row.level === null || row.level === 'releasing' ? 'good' : row.level,
  cause: row.cause,
  changedAt: row.changed_at,
});
