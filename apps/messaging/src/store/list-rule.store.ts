import { Injectable } from '@nestjs/common';
import type { Fact, ListedRule, ListEntryChangedV1 } from '@postern/contracts';
import { sql, type Tx } from '@postern/platform';
import { ProjectionUpkeep } from './projection-upkeep.js';

/** Where in the snapshot a rebuild goes on. */
export type ListKey = Pick<ListedRule, 'organizationId' | 'mode' | 'id'>;

// In one order everywhere, so that two batches cannot lock each other out. Of several versions in a batch the last stays.
const APPLY = sql(
  'list_rules_apply',
  `INSERT INTO list_rules AS r (organization_id, mode, id, inbox_id, kind, direction, pattern, version, removed_at)
   SELECT DISTINCT ON (q.organization_id, q.mode, q.id) q.organization_id, q.mode, q.id, q.inbox_id, q.kind, q.direction,
          q.pattern, q.version, CASE WHEN q.removed THEN now() END
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::bool[])
       AS q(organization_id, mode, id, inbox_id, kind, direction, pattern, version, removed)
    ORDER BY q.organization_id, q.mode, q.id, q.version DESC
   ON CONFLICT (organization_id, mode, id) DO UPDATE
      SET kind = excluded.kind, version = excluded.version, removed_at = excluded.removed_at, written_at = now()
    WHERE r.version <= excluded.version`,
);

interface Version extends Omit<ListedRule, 'requireAligned'> {
  removed: boolean;
}

/** Only mail that comes in is asked for its sender, and only by the guard. */
const concernsSending = ({ direction }: Pick<ListedRule, 'direction'>): boolean => direction !== 'receive';

/**
 * The projection of the guard's lists, as far as they are about sending. Facts may come in any order: versions tell which is
 * younger, and an entry that was deleted is remembered for a while.
 */
@Injectable()
export class ListRuleStore {
  readonly upkeep = new ProjectionUpkeep<ListKey>({ projection: 'list_rules', key: 'id', rebuild: 'list_rebuild' });

  async hear(tx: Tx, facts: readonly Fact<typeof ListEntryChangedV1>[]): Promise<void> {
    await this.apply(
      tx,
      facts.map(({ organizationId, mode, data: { change, entry, version } }) => ({
        organizationId,
        mode,
        id: entry.id,
        inboxId: entry.inbox_id,
        kind: entry.kind,
        direction: entry.direction,
        pattern: entry.pattern,
        version,
        removed: change === 'deleted',
      })),
    );
  }

  /** Takes a page of the snapshot over: an entry that was deleted after the page was read has a later version, and stays so. */
  async take(tx: Tx, page: readonly ListedRule[]): Promise<void> {
    await this.apply(
      tx,
      page.map((rule) => ({ ...rule, removed: false })),
    );
  }

  private async apply(tx: Tx, versions: readonly Version[]): Promise<void> {
    const rules = versions.filter(concernsSending);
    if (rules.length === 0) return;
    await tx.query(APPLY, [
      rules.map(({ organizationId }) => organizationId),
      rules.map(({ mode }) => mode),
      rules.map(({ id }) => id),
      rules.map(({ inboxId }) => inboxId),
      rules.map(({ kind }) => kind),
      rules.map(({ direction }) => direction),
      rules.map(({ pattern }) => pattern),
      rules.map(({ version }) => version),
      rules.map(({ removed }) => removed),
    ]);
  }
}
