import type { OrganizationId } from '@postern/contracts';
import { type Database, sql } from '@postern/platform';
import type { Lease, LeaseRequest } from '../rate/token-block.js';

/** Whose requests are counted together. */
export interface RateSubject {
  organizationId: OrganizationId;
  /** The organization's own id, that of a key, or any other that no two subjects share. */
  id: string;
}

interface Row {
  lent: number;
  granted: number;
  left_ms: number;
}

/** A lease takes this part of what is left, so that gateways that do not use theirs keep little from the others. */
const PART_OF_THE_REST = 20;

// $3 limit, $4 needed at once, $5 length of a window in seconds. The window is the database's, so that gateways whose
// clocks differ share it. One statement: the row lock makes the leases of all gateways one after the other.
const share = (granted: string): string =>
  `greatest(0, least($3::bigint - ${granted}, greatest($4::bigint, ($3::bigint - ${granted} + ${PART_OF_THE_REST - 1}) / ${PART_OF_THE_REST})))`;
const LEASE = sql(
  'gateway_lease_requests',
  `INSERT INTO rate_windows AS w (organization_id, subject, window_start, granted, lent, forget_at)
   SELECT $1, $2, start, first, first, start + 2 * make_interval(secs => $5::float8)
     FROM (SELECT date_bin(make_interval(secs => $5::float8), clock_timestamp(), 'epoch') AS start,
                  ${share('0')} AS first) AS s
   ON CONFLICT (organization_id, subject, window_start) DO UPDATE
     SET granted = w.granted + ${share('w.granted')}, lent = ${share('w.granted')}
   RETURNING lent, granted,
     (extract(epoch FROM window_start + make_interval(secs => $5::float8) - clock_timestamp()) * 1000)::float8 AS left_ms`,
);
// A window after its end, so that no lease under way meets it. Every gateway does it: none waits for another.
const FORGET = sql(
  'gateway_forget_rate_windows',
  `DELETE FROM rate_windows WHERE ctid IN (
     SELECT ctid FROM rate_windows WHERE forget_at < clock_timestamp() FOR UPDATE SKIP LOCKED)`,
);

/** Requests of the current window, lent to gateways in blocks. */
export class RateWindowsStore {
  /** @param windowSeconds  length of a window; windows begin at multiples of it since 1970 by the database's clock. */
  constructor(
    private readonly database: Database,
    private readonly windowSeconds: number,
  ) {}

  /**
   * Lends requests of the current window: a twentieth of those that are left, at least as many as are needed now, and
   * never more than are left. @throws AppError `unavailable`
   */
  async lease(subject: RateSubject, { limit, needed }: LeaseRequest): Promise<Lease> {
    const [row] = await this.database.query<Row>(LEASE, [
      subject.organizationId,
      subject.id,
      limit,
      needed,
      this.windowSeconds,
    ]);
    return { lent: row?.lent ?? 0, granted: row?.granted ?? limit, leftMs: row?.left_ms ?? 0 };
  }

  /** Forgets windows that are over, of any length. */
  async forget(): Promise<void> {
    await this.database.query(FORGET);
  }
}
