import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '@postern/platform';
import { ApiKeysStore, type StoredKey } from '../store/api-keys.store.js';
import { KeyCache } from './key-cache.js';
import { hashOf, looksLikeKey } from './key-secret.js';
import { LastUse } from './last-use.js';
import type { KeyPrincipal } from './principal.js';
import { within } from './within.js';

/** Knows which keys open something. */
@Injectable()
export class KeyRing {
  private readonly cache = new KeyCache();
  /** Checks that run now: many requests with one key cost one statement. */
  private readonly checks = new Map<string, Promise<KeyPrincipal | null>>();

  constructor(
    private readonly keys: ApiKeysStore,
    private readonly lastUse: LastUse,
    @Inject(CONFIG) private readonly config: { readonly GATEWAY_PATIENCE_MS: number },
  ) {}

  /**
   * @returns null for what is no key, and for unknown, revoked and expired ones.
   * @throws AppError `unavailable` when the database is away and the key was not checked within the last second.
   */
  async find(secret: string): Promise<KeyPrincipal | null> {
    if (!looksLikeKey(secret)) return null;
    const hash = hashOf(secret);
    const name = hash.toString('base64');
    const known = this.cache.get(name);
    if (known !== undefined) return known;
    const running = this.checks.get(name);
    if (running !== undefined) return running;
    const check = this.check(hash, name).finally(() => {
      if (this.checks.get(name) === check) this.checks.delete(name);
    });
    this.checks.set(name, check);
    return check;
  }

  /** Closes a key here at once, for requests that begin after the call. */
  close(keyId: string): void {
    this.cache.evict(keyId);
    this.checks.clear();
  }

  private async check(hash: Buffer, name: string): Promise<KeyPrincipal | null> {
    const keep = this.cache.beginCheck(name);
    const stored = await within(this.config.GATEWAY_PATIENCE_MS, this.keys.findByHash(hash));
    if (stored === undefined || !timingSafeEqual(stored.secretHash, hash)) return null;
    this.lastUse.note(stored);
    const principal = toPrincipal(stored);
    keep(principal);
    return principal;
  }
}

const toPrincipal = (stored: StoredKey): KeyPrincipal => ({
  kind: 'key',
  keyId: stored.keyId,
  organizationId: stored.organizationId,
  mode: stored.mode,
  scopes: stored.scopes,
  inboxIds: stored.inboxIds,
  expiresAt: stored.expiresAt,
  limits: stored.limits,
  inDoubt: stored.inDoubt,
});
