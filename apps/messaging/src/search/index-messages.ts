import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { AppError, CONFIG, Database, GroupCommit, LOGGER, type Logger, type Tx } from '@postern/platform';
import { SearchIndexStore, type ScopeKey, type SearchSource } from '../store/search-index.store.js';
import { type CatchUp, type QueuedMessage, SearchQueueStore } from '../store/search-queue.store.js';
import { BODY_MAX_CHARS, HTML_MAX_CHARS, indexedText } from './indexed-text.js';
import { PlaceCounter } from './place-counter.js';
import { placeKeys, tenantScope } from './places.js';
import { keysOf } from './search-keys.js';

/** Messages of one transaction, and of their text: a transaction takes tens of milliseconds. */
const BATCH_MAX = 200;
const BATCH_MAX_BYTES = 2_000_000;
/** A search that finds more of its tenant waiting than this leaves the older ones to the background. */
const CATCH_UP_BATCHES = 3;
/** Of the connections to the database, searches that wait for the index take these. Tenants that wait in one turn. */
const CATCH_UPS = { inFlight: 2, maxBatch: 20 };

/** A place in the queue, whose order is that of tenants and then of ids. */
export type QueuePlace = readonly [organizationId: string, mode: string, messageId: string];
export const QUEUE_START: QueuePlace = ['', '', ''];
/** Locks messages that wait. */
type Pick = (tx: Tx, limit: number) => Promise<QueuedMessage[]>;

interface Picked {
  indexed: QueuedMessage[];
  /** There was nothing more to pick. */
  isLast: boolean;
}

/** After every id of a tenant. */
const TENANT_END = '~';

/** Writes search rows of messages that wait for theirs. */
@Injectable()
export class IndexMessages implements OnModuleDestroy {
  private readonly catchUps: GroupCommit<CatchUp, null>;

  constructor(
    private readonly database: Database,
    private readonly queue: SearchQueueStore,
    private readonly index: SearchIndexStore,
    @Inject(CONFIG) private readonly config: { readonly POSTERN_SEARCH_LANGUAGE: string },
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const { inFlight, maxBatch } = CATCH_UPS;
    this.catchUps = new GroupCommit({ inFlight, maxBatch, commit: (wanted) => this.catchUpAll(wanted) });
  }

  /**
   * Indexes what waits of a tenant, so that a search finds everything that was committed before it. Of a backlog the
   * newest messages are indexed and the rest follows in the background. Searches that come while others are waited for
   * wait together for the next turn.
   */
  async catchUp({ organizationId, mode, inboxIds }: CatchUp): Promise<void> {
    await this.catchUps.add({ organizationId, mode, inboxIds });
  }

  async onModuleDestroy(): Promise<void> {
    await this.catchUps.drain();
  }

  /**
   * Indexes the next messages in the order of the queue.
   * @returns where to go on, null when the end of the queue was reached. A batch of one tenant alone is followed by the
   * next tenant, so that one with a hundred thousand delays nobody.
   */
  async next(after: QueuePlace): Promise<QueuePlace | null> {
    const { indexed, isLast } = await this.indexPicked(
      (tx, limit) => this.queue.next(tx, after, limit, BODY_MAX_CHARS + HTML_MAX_CHARS),
      BATCH_MAX,
    );
    const [first, last] = [indexed[0], indexed.at(-1)];
    if (isLast || first === undefined || last === undefined) return null;
    const isOneTenant = first.organization_id === last.organization_id && first.mode === last.mode;
    return [last.organization_id, last.mode, isOneTenant ? TENANT_END : last.message_id];
  }

  private async catchUpAll(wanted: readonly CatchUp[]): Promise<null[]> {
    for (const one of new Map(wanted.map((each) => [JSON.stringify(each), each])).values()) await this.catchUpOne(one);
    return wanted.map(() => null);
  }

  private async catchUpOne(wanted: CatchUp): Promise<void> {
    for (let batch = 0; batch < CATCH_UP_BATCHES; batch += 1) {
      if (!(await this.queue.hasAny(this.database, wanted))) return;
      await this.indexPicked(
        (tx, limit) => this.queue.ofTenant(tx, wanted, limit, BODY_MAX_CHARS + HTML_MAX_CHARS),
        BATCH_MAX,
      );
    }
  }

  /** A message that cannot be indexed must not keep its neighbours from it: then they go one by one, and it is left out. */
  private async indexPicked(pick: Pick, limit: number): Promise<Picked> {
    let picked: QueuedMessage[] = [];
    try {
      return await this.database.transaction(async (tx) => {
        picked = await pick(tx, limit);
        const indexed = await this.indexAll(tx, picked);
        return { indexed, isLast: indexed.length === picked.length && picked.length < limit };
      });
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (picked.length > 1) return this.indexPicked(pick, 1);
      this.logger.error({ err: error, messageId: picked[0]?.message_id }, 'search: this message will not be found');
      await this.queue.done(this.database, picked);
      return { indexed: picked, isLast: false };
    }
  }

  /** @returns those that were indexed: as many of them as one transaction should take. */
  private async indexAll(tx: Tx, queued: readonly QueuedMessage[]): Promise<QueuedMessage[]> {
    const batch = queued.filter(({ bytes_before }) => bytes_before < BATCH_MAX_BYTES);
    if (batch.length === 0) return [];
    const sources = await this.index.read(tx, batch, { textChars: BODY_MAX_CHARS, htmlChars: HTML_MAX_CHARS });
    if (sources.length > 0) await this.write(tx, sources);
    await this.queue.done(tx, batch);
    return batch;
  }

  private async write(tx: Tx, sources: readonly SearchSource[]): Promise<void> {
    const fresh = sources.filter(({ tenant_ordinal }) => tenant_ordinal === null);
    const scopes = new Map(fresh.flatMap(scopesOf).map((scope) => [scope.mode + scope.scope_id, scope]));
    const counter = new PlaceCounter(await this.index.lockScopes(tx, [...scopes.values()]));
    const rows = sources.map((source) => rowOf(source, counter));
    const { scopes: counted, blocks } = counter.counted();
    if (fresh.length > 0) await this.index.count(tx, counted, blocks);
    await this.index.write(tx, rows, this.config.POSTERN_SEARCH_LANGUAGE);
  }
}

function scopesOf({ organization_id, mode, inbox_id }: SearchSource): [tenant: ScopeKey, inbox: ScopeKey] {
  const scope_id = tenantScope({ organizationId: organization_id as never, mode });
  return [
    { organization_id, mode, scope_id },
    { organization_id, mode, scope_id: inbox_id },
  ];
}

function rowOf(source: SearchSource, counter: PlaceCounter) {
  const { organization_id, mode, id, inbox_id, filenames } = source;
  const [ofTenant, ofInbox] = scopesOf(source);
  const tenant_ordinal = source.tenant_ordinal ?? counter.take(ofTenant, id);
  const inbox_ordinal = source.inbox_ordinal ?? counter.take(ofInbox, id);
  const { subject, title, body } = indexedText(source);
  const keys = [
    ...placeKeys(ofTenant.scope_id, tenant_ordinal),
    ...placeKeys(ofInbox.scope_id, inbox_ordinal),
    ...keysOf({ ...source, subject, hasAttachments: filenames.length > 0 }),
  ];
  return { organization_id, mode, message_id: id, inbox_id, tenant_ordinal, inbox_ordinal, subject, keys, title, body };
}
