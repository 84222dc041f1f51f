import { sql, type Statement, type Tx } from '@postern/platform';

/** Facts are older than this when they come at last only after the bus has forgotten them (48 h). */
const REMEMBERED = '72 hours';
const FORGOTTEN_AT_ONCE = 5_000;

/** A projection that begins anew from its owner's snapshot, a page in each transaction, and the table of its only rebuild. */
interface ProjectionTables {
  /** Has `removed_at`, and `written_at` of the last time that anything was heard of the row. */
  projection: 'suppressed_addresses' | 'list_rules';
  /** What names a row within its tenant. */
  key: 'address' | 'id';
  /** Has one row: `state`, `started_at`, `after_key`. */
  rebuild: 'suppression_rebuild' | 'list_rebuild';
}

/**
 * How far a rebuild is, and what is dropped from the projection.
 * @typeParam K  where in the snapshot it goes on; null is its start.
 */
export class ProjectionUpkeep<K extends object> {
  private readonly statements: Readonly<Record<'begin' | 'place' | 'goOn' | 'finish' | 'forget', Statement>>;

  constructor({ projection, key, rebuild }: ProjectionTables) {
    this.statements = {
      begin: sql(
        `${rebuild}_begin`,
        `UPDATE ${rebuild} SET state = 'running', started_at = now(), after_key = NULL WHERE state = 'wanted'`,
      ),
      place: sql(`${rebuild}_place`, `SELECT after_key FROM ${rebuild} WHERE state = 'running' FOR UPDATE`),
      goOn: sql(`${rebuild}_go_on`, `UPDATE ${rebuild} SET after_key = $1::jsonb`),
      // What neither the snapshot nor a fact since its start has named is not there any more. In the order in which facts are applied.
      finish: sql(
        `${rebuild}_finish`,
        `WITH done AS (UPDATE ${rebuild} SET state = 'done', after_key = NULL RETURNING started_at)
         DELETE FROM ${projection} WHERE (organization_id, mode, ${key}) IN (
           SELECT organization_id, mode, ${key} FROM ${projection} s, done
            WHERE s.written_at < done.started_at AND s.removed_at IS NULL
            ORDER BY organization_id, mode, ${key} FOR UPDATE OF s)`,
      ),
      forget: sql(
        `${projection}_forget`,
        `DELETE FROM ${projection} WHERE ctid IN (
           SELECT ctid FROM ${projection} WHERE removed_at < now() - interval '${REMEMBERED}'
            LIMIT ${FORGOTTEN_AT_ONCE} FOR UPDATE SKIP LOCKED)`,
      ),
    };
  }

  /**
   * Begins a rebuild that is wanted, or finds the one that was begun.
   * @returns where it goes on; undefined when there is none.
   */
  async place(tx: Tx): Promise<K | null | undefined> {
    await tx.query(this.statements.begin);
    const [row] = await tx.query<{ after_key: K | null }>(this.statements.place);
    return row === undefined ? undefined : row.after_key;
  }

  /** A page was taken over. @param next  where the next one begins; null when this was the last. */
  async moveOn(tx: Tx, next: K | null): Promise<void> {
    if (next === null) await tx.query(this.statements.finish);
    else await tx.query(this.statements.goOn, [JSON.stringify(next)]);
  }

  /** Removes a part of what was taken off long ago. */
  async forget(tx: Tx): Promise<void> {
    await tx.query(this.statements.forget);
  }
}
