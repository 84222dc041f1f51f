import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { type Logger, pollLoop, runInContext, type Wakeable, wideLine } from '@postern/platform';
import type { Claim, ClaimStore } from '../store/claim-store.js';
import { CallAborted, type Caller } from './caller.js';
import { InFlight } from './in-flight.js';
import { ENDPOINT_DISABLED, EVENT_GONE, isSuccess, type Outcome, type Skipped, wasMade } from './outcome.js';
import type { ResultWriter } from './result-writer.js';
import { isFull, type Room } from './room.js';
import type { CallTiming } from './timing.js';

/** Calls are made known in process at their commit; this finds those of other processes, and retries. */
const POLL_MS = 250;
/** Claims carry whole events, up to 1 MiB each. */
const CLAIM_MAX = 50;
/** How long a stop waits for calls under way before it cuts them off. */
const DRAIN_MS = 4_000;

export interface DispatcherOptions {
  room: Room;
  timing: CallTiming;
}

/**
 * Claims calls that are due and makes them. A call waits for room without being claimed, so waiting costs no try.
 * When the process dies, its calls are claimed again after their leases, under the same event id.
 */
export class Dispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly owner = randomUUID();
  private readonly inFlight = new InFlight();
  private readonly stopping = new AbortController();
  private loop: Wakeable | undefined;
  /** Calls that are due may wait for one that is under way. */
  private isFull = false;

  constructor(
    private readonly claims: ClaimStore,
    private readonly caller: Caller,
    private readonly results: ResultWriter,
    private readonly options: DispatcherOptions,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = pollLoop({
      intervalMs: POLL_MS,
      work: () => this.turn(),
      onError: (err) => this.logger.warn({ what: 'webhooks.claim', err }),
    });
  }

  /** Tells that calls are due. */
  wake(): void {
    this.loop?.wake();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop?.stop();
    const drained = this.inFlight.ended();
    await Promise.race([drained, delay(DRAIN_MS, undefined, { ref: false })]);
    this.stopping.abort();
    await drained;
    await this.caller.close();
  }

  /** @returns whether there may be more to claim at once. */
  private async turn(): Promise<boolean> {
    const { room, timing } = this.options;
    const limit = Math.min(CLAIM_MAX, room.process - this.inFlight.total);
    if (limit <= 0) {
      this.isFull = true;
      return false;
    }
    const busy = this.inFlight.busy();
    const claimedAt = performance.now();
    const claims = await this.claims.claim({
      owner: this.owner,
      leaseMs: timing.leaseMs,
      limit,
      room,
      busy,
    });
    this.isFull = claims.length === limit || isFull(room, busy, claims);
    for (const claim of claims) {
      this.inFlight.enter(claim);
      void this.settle(claim, claimedAt);
    }
    return claims.length === limit;
  }

  private async settle(claim: Claim, claimedAt: number): Promise<void> {
    const context = {
      requestId: claim.correlationId,
      traceparent: claim.traceparent,
      organizationId: claim.organizationId,
      mode: claim.mode,
      eventId: claim.eventId,
      attempt: claim.attempt,
    };
    try {
      await runInContext(context, () => this.make(claim, claimedAt));
    } catch {
      // The wide line told of it; the call is claimed again when its lease ends.
    } finally {
      this.inFlight.leave(claim);
      // Claims were two thirds of what PostgreSQL did for calls when each end of one led to a claim.
      if (this.isFull) this.wake();
    }
  }

  private make(claim: Claim, claimedAt: number): Promise<void> {
    return wideLine(this.logger, 'webhooks.call', async (line) => {
      line.add({ webhookId: claim.webhookId, deliveryId: claim.id, eventType: claim.eventType });
      const leaseEndsAt = claimedAt + this.options.timing.leaseMs;
      if (performance.now() > claimedAt + this.options.timing.leaseMs / 2) {
        line.add({ result: 'too_late_to_start' });
        return;
      }
      try {
        const outcome = await this.outcomeOf(claim);
        line.add(
          wasMade(outcome)
            ? { result: isSuccess(outcome) ? 'succeeded' : 'failed', status: outcome.responseStatus }
            : { result: 'skipped' },
        );
        await this.results.write({ claim, outcome, leaseEndsAt });
      } catch (error) {
        if (!(error instanceof CallAborted)) throw error;
        line.add({ result: 'given_back' });
        await this.claims.release([claim]);
      }
    });
  }

  private async outcomeOf(claim: Claim): Promise<Outcome | Skipped> {
    if (!claim.isEnabled) return ENDPOINT_DISABLED;
    const { event } = claim;
    return event === null ? EVENT_GONE : this.caller.call({ ...claim, event }, this.stopping.signal);
  }
}
