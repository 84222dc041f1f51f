const MINUTE_MS = 60_000;
/** Keys beyond this are looked through for those that are as good as new. */
const KEYS_KEPT = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

/** So many of something in a minute for each key; what was not used is saved up for one minute at the most. */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();
  private sweepAt = KEYS_KEPT;

  /** @param now  a clock in milliseconds that never goes back. */
  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @returns false, with nothing counted, when the key has used up its share. */
  take(key: string): boolean {
    const at = this.now();
    const bucket = this.buckets.get(key);
    const tokens = bucket === undefined ? this.perMinute : this.tokensOf(bucket, at);
    if (tokens < 1) return false;
    this.buckets.set(key, { tokens: tokens - 1, at });
    if (this.buckets.size > this.sweepAt) this.sweep(at);
    return true;
  }

  private tokensOf(bucket: Bucket, at: number): number {
    return Math.min(this.perMinute, bucket.tokens + ((at - bucket.at) * this.perMinute) / MINUTE_MS);
  }

  /** A full bucket is the same as none. The next sweep waits for as many keys again, so that its cost is shared by them. */
  private sweep(at: number): void {
    for (const [key, bucket] of this.buckets) {
      if (this.tokensOf(bucket, at) >= this.perMinute) this.buckets.delete(key);
    }
    this.sweepAt = Math.max(KEYS_KEPT, this.buckets.size * 2);
  }
}
