import { type Database, sql } from '@postern/platform';

/** A burst of this length may go at once; SES allows short peaks over the rate. */
const BURST_SECONDS = 0.25;
/** A cut halves the rate, and at most one cut a second: one peak is refused many times, and by every replica. */
const CUT = 0.5;
const CUT_EVERY_SECONDS = 1;
const LOWEST = 1 / 32;
/** What was cut comes back in steps of this part of the limit, each second. */
const RECOVERY_PER_SECOND = 0.05;
/** Below this part of the 24 hours' quota the provider is asked often. */
const LITTLE_LEFT = 0.05;

/** Why a lease is smaller than what was asked for. */
export type Scarcity = 'rate' | 'quota';

/** What a replica may hand over. */
export interface Lease {
  recipients: number;
  /** Null when all that was asked for was there. */
  scarce: Scarcity | null;
  /** Milliseconds until the rate has one more; 0 when it has, or when there is no limit. */
  opensInMs: number;
  /** Recipients a second that all replicas together may send to now; null without a limit. */
  perSecond: number | null;
}

/** What the provider tells of the account. Null: no limit. */
export interface Quota {
  perSecond: number | null;
  max24h: number | null;
  sent24h: number;
}

interface LeaseRow {
  lent: number;
  scarce: Scarcity | null;
  opens_in_ms: number;
  rate: number | null;
}

const partAt = (at: string): string =>
  `least(1, part + greatest(0, extract(epoch FROM ${at} - part_at)::float8) * ${RECOVERY_PER_SECOND})`;

const OPEN = sql(
  'pace_open',
  `INSERT INTO paces AS p (account, per_second) VALUES ($1, $2)
   ON CONFLICT (account) DO UPDATE SET per_second = CASE WHEN $3 THEN excluded.per_second ELSE p.per_second END`,
);
// A bucket as the time until which the rate is used up: leases of all replicas are one after the other at the row, by the
// database's clock. What was taken beyond a lease moves that time on too, and what is given back moves it back, so the sum is
// exact in the long run. $2 wanted, $3 taken beyond the last lease (below 0: given back).
const LEASE = sql(
  'pace_lease',
  `WITH row AS MATERIALIZED (
     SELECT * FROM paces WHERE account = $1 FOR UPDATE
   ), now AS MATERIALIZED (
     SELECT row.*, clock_timestamp() AS at FROM row
   ), speed AS MATERIALIZED (
     SELECT now.*, per_second * ${partAt('at')} AS rate FROM now
   ), start AS MATERIALIZED (
     SELECT speed.*, greatest(booked_until, at - make_interval(secs => greatest(${BURST_SECONDS}, 1 / rate)))
                     + make_interval(secs => $3 / rate) AS from_at
       FROM speed
   ), room AS MATERIALIZED (
     SELECT start.*,
            -- Rounding of times must not cost a recipient.
            floor(extract(epoch FROM at - from_at)::float8 * rate + 0.001) AS by_rate,
            floor(max_24h - sent_24h - (leased + $3 - known_leased)) AS by_quota
       FROM start
   ), lent AS MATERIALIZED (
     SELECT room.*, greatest(0, least($2::float8, by_rate, by_quota)) AS lent FROM room
   ), touched AS (
     UPDATE paces p SET booked_until = coalesce(l.from_at + make_interval(secs => l.lent / l.rate), p.booked_until),
                        leased = p.leased + l.lent::bigint + $3::bigint
       FROM lent l WHERE p.account = l.account
   )
   SELECT lent, rate,
          CASE WHEN lent >= $2 THEN NULL WHEN by_quota <= coalesce(by_rate, by_quota) THEN 'quota' ELSE 'rate' END AS scarce,
          coalesce(greatest(0, 1000 * (1 / rate - extract(epoch FROM at - from_at - make_interval(secs => lent / rate))::float8)), 0)
            AS opens_in_ms
     FROM lent`,
);
// Leases that are out as well go on; the burst that the old rate had saved up does not.
const CUT_RATE = sql(
  'pace_cut',
  `UPDATE paces p SET part = greatest(${LOWEST}, ${partAt('clock_timestamp()')} * ${CUT}), part_at = clock_timestamp(),
                    booked_until = greatest(booked_until, clock_timestamp())
    WHERE account = $1 AND (part = 1 OR part_at <= clock_timestamp() - make_interval(secs => ${CUT_EVERY_SECONDS}))`,
);
const MAY_ASK = sql(
  'pace_may_ask',
  `UPDATE paces SET asked_at = clock_timestamp()
    WHERE account = $1 AND (asked_at IS NULL OR asked_at <= clock_timestamp() - make_interval(secs =>
      CASE WHEN max_24h - sent_24h - (leased - known_leased) < max_24h * ${LITTLE_LEFT} THEN $3::float8 ELSE $2::float8 END))
   RETURNING leased`,
);
// What was leased between the last two questions may be on its way still: it counts twice rather than never.
const LEARN = sql(
  'pace_learn',
  `UPDATE paces SET per_second = $2, max_24h = $3, sent_24h = $4, known_leased = asked_leased, asked_leased = $5
    WHERE account = $1`,
);
const PROGRESS = sql('pace_progress', `SELECT leased, max_24h FROM paces WHERE account = $1`);

/** The pace of an account at a provider, over all replicas. What a crash of the database may undo is a lease or two. */
export class PaceStore {
  constructor(
    private readonly database: Database,
    private readonly account: string,
  ) {}

  /** @param perSecond  its rate; a first guess unless `fixed`. Null: no limit. */
  async open(perSecond: number | null, fixed: boolean): Promise<void> {
    await this.database.query(OPEN, [this.account, perSecond, fixed]);
  }

  /**
   * Leases recipients, at most as many as are wanted.
   * @param owed  taken beyond earlier leases; below 0 what they had too much.
   */
  async lease(wanted: number, owed: number): Promise<Lease> {
    const [row] = await this.unsynced<LeaseRow>(LEASE, [this.account, wanted, owed]);
    if (row === undefined) throw new Error(`The pace of ${this.account} was not opened.`);
    return { recipients: row.lent, scarce: row.scarce, opensInMs: row.opens_in_ms, perSecond: row.rate };
  }

  /** Halves the rate, unless that was done within the last second. */
  async cut(): Promise<void> {
    await this.unsynced(CUT_RATE, [this.account]);
  }

  /**
   * Whether it is time to ask the provider for the quota: of all replicas one is told so.
   * @returns what was leased by now, for {@link learn}; null when it is not time.
   */
  async mayAsk(everySeconds: number, whenLittleIsLeftSeconds: number): Promise<number | null> {
    const [row] = await this.unsynced<{ leased: number }>(MAY_ASK, [
      this.account,
      everySeconds,
      whenLittleIsLeftSeconds,
    ]);
    return row?.leased ?? null;
  }

  async learn({ perSecond, max24h, sent24h }: Quota, leasedBefore: number): Promise<void> {
    await this.database.query(LEARN, [this.account, perSecond, max24h, sent24h, leasedBefore]);
  }

  /** What all replicas have leased so far, and what the account may send in 24 hours (null: no limit). */
  async progress(): Promise<{ leased: number; max24h: number | null }> {
    const [row] = await this.database.query<{ leased: number; max_24h: number | null }>(PROGRESS, [this.account]);
    return { leased: row?.leased ?? 0, max24h: row?.max_24h ?? null };
  }

  /** Without waiting for the disk: the row lock is held for a moment only, and a lost lease is a burst at most. */
  private unsynced<T>(statement: Parameters<Database['query']>[0], params: readonly unknown[]): Promise<T[]> {
    return this.database.transaction(async (tx) => {
      await tx.query('SET LOCAL synchronous_commit = off');
      return tx.query<T>(statement, params);
    });
  }
}
