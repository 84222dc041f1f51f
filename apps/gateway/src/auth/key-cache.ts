import type { KeyPrincipal } from './principal.js';

/** A revoked key may stay open this long where the broadcast did not arrive. */
export const KEY_FRESH_MS = 1_000;
const ENTRIES_MAX = 10_000;

interface Entry {
  principal: KeyPrincipal;
  /** Monotonic time at which the check in the database began. */
  checkedAt: number;
}

/** Keys that were checked less than a second ago, at most 10,000; the oldest check goes first. */
export class KeyCache {
  private readonly entries = new Map<string, Entry>();
  private evictions = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns undefined when the key was not checked within the last second, or expired since. */
  get(hash: string): KeyPrincipal | undefined {
    const entry = this.entries.get(hash);
    if (entry === undefined) return undefined;
    const { principal, checkedAt } = entry;
    const fresh = this.now() - checkedAt < KEY_FRESH_MS;
    if (fresh && (principal.expiresAt === null || principal.expiresAt.getTime() > Date.now())) return principal;
    this.entries.delete(hash);
    return undefined;
  }

  /**
   * To be called before a check begins.
   * @returns keeps the check's result; does nothing when any key was evicted meanwhile, because the check may have read
   * what was true before.
   */
  beginCheck(hash: string): (principal: KeyPrincipal) => void {
    const checkedAt = this.now();
    const { evictions } = this;
    return (principal) => {
      if (evictions !== this.evictions) return;
      this.entries.delete(hash);
      this.entries.set(hash, { principal, checkedAt });
      this.dropOldest();
    };
  }

  /** Forgets a key at once. */
  evict(keyId: string): void {
    this.evictions += 1;
    for (const [hash, { principal }] of this.entries) if (principal.keyId === keyId) this.entries.delete(hash);
  }

  private dropOldest(): void {
    if (this.entries.size <= ENTRIES_MAX) return;
    // A Map keeps the order of insertion, and every check inserts anew.
    for (const hash of this.entries.keys()) {
      this.entries.delete(hash);
      return;
    }
  }
}
