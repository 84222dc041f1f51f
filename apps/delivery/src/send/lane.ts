import type { Mode } from '@postern/contracts';
import type { Outbox } from '@postern/eventing';
import { type Database, type Logger, pollLoop, type Wakeable } from '@postern/platform';
import type { Claim, ClaimStore, Weights } from '../store/claims.js';
import type { Valve } from './carrier.js';
import type { HandOver } from './hand-over.js';
import type { ResultFacts } from './result-facts.js';

/** Finds what became due without a wake, and what another replica gave back. */
const POLL_MS = 250;
/** A claim for fewer than this part of all callers is not worth a commit while others are still busy. */
const WORTHWHILE = 1 / 4;
/** Of one claim, where nothing limits them: what PostgreSQL's integers hold is more than enough. */
const RECIPIENTS_MAX = 1_000_000;

export interface LaneParts {
  mode: Mode;
  /** Hand-overs at the same time. */
  concurrency: number;
  leaseSeconds: number;
  /** Shares of organizations that have another one than 1. */
  weights: Weights;
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
  private idle = false;
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
    // Whoever has nothing to send leases nothing.
    if (this.idle && !(await this.parts.claims.isAnyDue(this.parts.mode))) return false;
    const room = await valve.room(free);
    if (room < 1) {
      this.wakeWhenOpen();
      return false;
    }
    const claimedAtMs = performance.now();
    const claims = await this.claim(free, Math.floor(Math.min(room, RECIPIENTS_MAX)));
    const going = claims.flatMap(({ send, goes }) => (goes ? [send] : []));
    this.idle = claims.length === 0 && this.cursor === '';
    const recipients = going.reduce((sum, send) => sum + send.recipients.length, 0);
    const leased = valve.took(going.length, recipients);
    for (const send of going) {
      const caller = this.parts.handOver
        .run(send, claimedAtMs)
        .then(
          () => undefined,
          // The hand-over has logged what went wrong. When its lease ends, the send is in doubt.
          () => valve.heard({ kind: 'unused' }),
        )
        .finally(() => {
          this.running.delete(caller);
          this.wake();
        });
      this.running.add(caller);
    }
    await leased;
    return claims.length > 0 || this.cursor !== '';
  }

  /** Commits before anybody is asked. */
  private async claim(messages: number, recipients: number): Promise<Claim[]> {
    const { database, claims, outbox, facts, mode, leaseSeconds, weights } = this.parts;
    return database.transaction(async (tx) => {
      const found = await claims.claim(tx, mode, this.cursor, { messages, recipients, leaseSeconds, weights });
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
