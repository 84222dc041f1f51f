import { Injectable } from '@nestjs/common';
import type { Fact } from '@postern/contracts';
import { Database, sql } from '@postern/platform';

type FactKey = Pick<Fact, 'organizationId' | 'mode' | 'id'>;

/** Longer than any fact stays on the bus (48 h). */
const REMEMBERED = '72 hours';

const BEGIN = sql(
  'tries_begin',
  `WITH forgotten AS (
     DELETE FROM scan_tries WHERE ctid IN (
       SELECT ctid FROM scan_tries WHERE begun_at < now() - interval '${REMEMBERED}' FOR UPDATE SKIP LOCKED))
   INSERT INTO scan_tries AS t (organization_id, mode, fact_id, tries) VALUES ($1, $2, $3, 1)
   ON CONFLICT (organization_id, mode, fact_id) DO UPDATE SET tries = t.tries + 1, begun_at = now()
   RETURNING tries`,
);
const END = sql('tries_end', `DELETE FROM scan_tries WHERE organization_id = $1 AND mode = $2 AND fact_id = $3`);

/** How often the judging of a fact was begun without coming to its end. Each statement commits by itself. */
@Injectable()
export class TriesStore {
  constructor(private readonly database: Database) {}

  /** Notes a try, before it is made: who dies of it notes nothing afterwards. @returns how many there are with this one. */
  async begin({ organizationId, mode, id }: FactKey): Promise<number> {
    const [row] = await this.database.query<{ tries: number }>(BEGIN, [organizationId, mode, id]);
    return row?.tries ?? 1;
  }

  async end({ organizationId, mode, id }: FactKey): Promise<void> {
    await this.database.query(END, [organizationId, mode, id]);
  }
}
