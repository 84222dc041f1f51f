import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { LOGGER, pollLoop, type Logger, type Wakeable } from '@postern/platform';
import { ApiKeysStore, type StoredKey } from '../store/api-keys.store.js';

/** `last_used_at` is this exact: a busy key costs one write a minute. */
const EXACT_TO_MS = 60_000;
const WRITE_EVERY_MS = 1_000;

/** Writes when keys were last used: late, and many at once. What a crash loses is written at the next use. */
@Injectable()
export class LastUse implements OnApplicationBootstrap, OnModuleDestroy {
  private pending = new Map<string, { key: StoredKey; at: Date }>();
  private loop: Wakeable | undefined;

  constructor(
    private readonly keys: ApiKeysStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Remembers the use of a key if its stored time is over a minute old. */
  note(key: StoredKey): void {
    const at = new Date();
    if (key.lastUsedAt !== null && at.getTime() - key.lastUsedAt.getTime() < EXACT_TO_MS) return;
    this.pending.set(key.keyId, { key, at });
  }

  onApplicationBootstrap(): void {
    this.loop = pollLoop({
      intervalMs: WRITE_EVERY_MS,
      work: async () => {
        await this.write();
        return false;
      },
      onError: (err) => this.logger.warn({ what: 'auth.last_use_not_written', err }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop?.stop();
    await this.write().catch((err: unknown) => this.logger.warn({ what: 'auth.last_use_not_written', err }));
  }

  private async write(): Promise<void> {
    if (this.pending.size === 0) return;
    const uses = [...this.pending.values()];
    this.pending = new Map();
    await this.keys.touch(uses);
  }
}
