import { type CommandContext, PLATFORM_ORGANIZATION } from '@postern/contracts';
import { type Database, LeaderLoop, type Logger, newTraceparent, type Tx } from '@postern/platform';
import type { ProjectionUpkeep } from '../store/projection-upkeep.js';

/** How soon a rebuild begins that an operator wants. */
const LOOK_EVERY_MS = 10_000;

/** A page of the owner's snapshot; the last one has no `next`. */
interface SnapshotPage<T, K> {
  data: T[];
  next: K | null;
}

/** What is rebuilt, and from where. */
export interface RebuiltProjection<T, K extends object> {
  /** In logs, and part of the lock's name. */
  name: string;
  upkeep: ProjectionUpkeep<K>;
  /** Asks the owner, for all tenants. */
  ask: (context: CommandContext, after: K | null) => Promise<SnapshotPage<T, K>>;
  take: (tx: Tx, page: T[]) => Promise<void>;
}

/**
 * Fills a projection from its owner: once in a new database, and whenever it is wanted. While it is unfinished nothing
 * goes that should not: the owner decides, here refusals only come early.
 */
export abstract class ProjectionRebuild<T, K extends object> extends LeaderLoop {
  protected constructor(
    private readonly database: Database,
    logger: Logger,
    private readonly projection: RebuiltProjection<T, K>,
  ) {
    super(database, logger, { name: `${projection.name}-rebuild`, intervalMs: LOOK_EVERY_MS });
  }

  /** One page. The place is read before the page and locked after it: whoever else went on meanwhile is not undone. */
  protected override async work(): Promise<boolean> {
    const { name, upkeep, ask, take } = this.projection;
    const after = await this.database.transaction((tx) => upkeep.place(tx));
    if (after === undefined) {
      await this.database.transaction((tx) => upkeep.forget(tx));
      return false;
    }
    const page = await ask(everybody(name), after);
    const goesOn = await this.database.transaction(async (tx) => {
      const now = await upkeep.place(tx);
      if (now === undefined || JSON.stringify(now) !== JSON.stringify(after)) return true;
      await take(tx, page.data);
      await upkeep.moveOn(tx, page.next);
      return page.next !== null;
    });
    if (!goesOn) this.logger.info({ what: `${name}.rebuilt` });
    return goesOn;
  }
}

/** Asks for all tenants. */
const everybody = (name: string): CommandContext => ({
  organizationId: PLATFORM_ORGANIZATION,
  mode: 'live',
  keyId: null,
  inboxIds: null,
  requestId: `${name}-rebuild`,
  traceparent: newTraceparent(),
  idempotency: null,
});
