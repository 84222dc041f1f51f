import type { Mode } from '@postern/contracts';
import type { Outbox } from '@postern/eventing';
import { type Database, type Logger, pollLoop, type Wakeable } from '@postern/platform';
import type { Claim, ClaimStore } from '../store/claims.js';
import type { Valve } from './carrier.js';
import type { HandOver } from './hand-over.js';
import type { ResultFacts } from './result-facts.js';

/** Finds what became due without a wake, and what another replica gave back. */
const POLL_MS = 250;
/** A claim for fewer than this part of all callers is not worth a commit while others are still busy. */
const WORTHWHILE = 1 / 4;

export interface LaneParts {
  mode: Mode;
  /** Hand-overs at the same time. */
  concurrency: number;
  leaseSeconds: number;
  database: Database;
  claims: ClaimStore;
  outbox: Outbox;
  facts: ResultFacts;
  handOver: HandOver;
  valve: Valve;
  logger: Logger;
}

/** Claims due sends of one mode and hands them over: as many at once as there are callers, an equal share for each tenant. */
export class Lane {
  private readonly running = new Set<Promise<void>>();
  private cursor = '';
  private loop: Wakeable | null = null;
  private valveTimer: NodeJS.Timeout | null = null;

  constructor(private readonly parts: LaneParts) {}

  start(): void {
    this.loop = pollLoop({
      intervalMs: POLL_MS,
      work: () => this.turn(),
      onError: (err) => this.parts.logger.warn({ what: 'delivery.claim_failed', mode: this.parts.mode, err }),
    });
  }

  /** There may be something due. */
  wake(): void {
    this.loop?.wake();
  }

  /** Claims no more, and waits for the hand-overs under way. */
  async stop(): Promise<void> {
    await this.loop?.stop();
    if (this.valveTimer !== null) clearTimeout(this.valveTimer);
    await Promise.all(this.running);
  }

  /** @returns whether another claim may find something at once. */
  private async turn(): Promise<boolean> {
    const { concurrency, valve } = this.parts;
    const free = concurrency - this.running.size;
    if (this.running.size > 0 && free < concurrency * WORTHWHILE) return false;
    const room = Math.min(free, valve.room());
    if (room < 1) {
      this.wakeWhenOpen();
      return false;
    }
    const claimedAtMs = performance.now();
    const claims = await this.claim(Math.floor(room));
    for (const { send, goes } of claims) {
      if (!goes) continue;
      valve.took(send.recipients.length);
      const caller = this.parts.handOver
        .run(send, claimedAtMs)
        // The hand-over has logged what went wrong. When its lease ends, the send is in doubt.
        .catch(() => ({ kind: 'unused' }) as const)
        .then((outcome) => valve.heard(outcome))
        .finally(() => {
          this.running.delete(caller);
          this.wake();
        });
      this.running.add(caller);
    }
    return claims.length > 0 || this.cursor !== '';
  }

  /** Commits before anybody is asked. */
  private async claim(limit: number): Promise<Claim[]> {
    const { database, claims, outbox, facts, mode, leaseSeconds } = this.parts;
    return database.transaction(async (tx) => {
      const found = await claims.claim(tx, mode, this.cursor, limit, leaseSeconds);
      this.cursor = found.cursor;
      const at = new Date();
      await outbox.write(
        tx,
        found.claims.flatMap((claim) => [...facts.suppressed(claim, at), ...facts.parked(claim, at)]),
      );
      return found.claims;
    });
  }

  private wakeWhenOpen(): void {
    this.valveTimer ??= setTimeout(
      () => {
        this.valveTimer = null;
        this.wake();
      },
      Math.max(1, this.parts.valve.opensInMs()),
    );
  }
}
