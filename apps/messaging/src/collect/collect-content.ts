import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type CommandContext, ListContentInUse, type OrganizationId } from '@postern/contracts';
import { CommandClient, CONTENT_STORE, FactsUnderWay, type ContentStore, type StoredContent } from '@postern/eventing';
import { CONFIG, newTraceparent } from '@postern/platform';
import { ContentUseStore } from '../store/content-use.store.js';

const SECOND_MS = 1_000;
const DAY_MS = 24 * 3600 * SECOND_MS;
/** Content is stored before the fact that names it, and its fact is published no later than this afterwards. */
const FACT_FOLLOWS_MS = 3600 * SECOND_MS;
/** Contents that are asked for at once. */
const BATCH = 500;

export interface CollectConfig {
  readonly MESSAGING_CONTENT_LEASE_SECONDS: number;
  readonly MESSAGING_UPLOAD_DAYS: number;
}

/** What one round found. */
export interface Collected {
  looked: number;
  deleted: number;
}

/**
 * Deletes content that nothing names and nobody put or renewed for as long as a lease lasts. Whoever names content renews
 * its lease first, so what is named between the question and the deletion is saved by the store itself.
 */
@Injectable()
export class CollectContent {
  constructor(
    private readonly uses: ContentUseStore,
    private readonly commands: CommandClient,
    private readonly facts: FactsUnderWay,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
    @Inject(CONFIG) private readonly config: CollectConfig,
  ) {}

  /**
   * @param signal  ends the round early.
   * @throws AppError `unavailable` when ingest cannot be asked: then nothing more is deleted.
   */
  async run(now: Date, signal?: AbortSignal): Promise<Collected> {
    await this.uses.expireUploads(new Date(now.getTime() - this.config.MESSAGING_UPLOAD_DAYS * DAY_MS));
    await this.uses.dropHolds(now);
    const since = await this.endOfLeases(now);
    const total = { looked: 0, deleted: 0 };
    let batch: StoredContent[] = [];
    const judge = async (): Promise<void> => {
      total.deleted += await this.collectUnused(batch, since);
      batch = [];
    };
    for await (const stored of this.content.list()) {
      if (signal?.aborted) return total;
      total.looked += 1;
      if (stored.renewedAt >= since) continue;
      if (batch.length === BATCH || batch[0]?.organizationId !== stored.organizationId) await judge();
      batch.push(stored);
    }
    await judge();
    return total;
  }

  /** Leases older than this have ended. Content of a fact that waits to be handled is leased for as long as it waits. */
  private async endOfLeases(now: Date): Promise<Date> {
    const underWay = await this.facts.oldest();
    const lease = now.getTime() - this.config.MESSAGING_CONTENT_LEASE_SECONDS * SECOND_MS;
    return new Date(underWay === null ? lease : Math.min(lease, underWay.getTime() - FACT_FOLLOWS_MS));
  }

  /** @param batch  of one organization. @returns how many were deleted. */
  private async collectUnused(batch: readonly StoredContent[], since: Date): Promise<number> {
    const [first] = batch;
    if (first === undefined) return 0;
    const { organizationId } = first;
    const all = batch.map(({ sha256 }) => sha256);
    const ours = await this.uses.inUse(organizationId, all);
    const rest = all.filter((hash) => !ours.has(hash));
    if (rest.length === 0) return 0;
    const { value } = await this.commands.ask(ListContentInUse, systemContext(organizationId), { sha256s: rest });
    const ingests = new Set(value.inUse);
    let deleted = 0;
    for (const hash of rest) {
      if (!ingests.has(hash) && (await this.content.collect(organizationId, hash, since))) deleted += 1;
    }
    return deleted;
  }
}

/** Nobody asks; the question is about both modes. */
const systemContext = (organizationId: string): CommandContext => ({
  organizationId: organizationId as unknown as OrganizationId,
  mode: 'live',
  keyId: null,
  inboxIds: null,
  requestId: `collect-${randomUUID()}`,
  traceparent: newTraceparent(),
  idempotency: null,
});
