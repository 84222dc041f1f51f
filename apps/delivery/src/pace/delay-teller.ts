import type { OrganizationId } from '@postern/contracts';
import type { Outbox } from '@postern/eventing';
import { type Database, LeaderLoop, type Logger, type Tx } from '@postern/platform';
import type { Standing, Valve } from '../send/carrier.js';
import type { ResultFacts } from '../send/result-facts.js';
import { type Deferral, DEFERRALS } from '../send/settlement.js';
import type { Weights } from '../store/claims.js';
import type { DelayStore, Untold } from '../store/delays.js';
import type { PaceStore } from '../store/paces.js';
import { type Backlog, soonGone, turnOf } from './forecast.js';

const LOOK_MS = 2_000;
/** Messages told of in one look: what waits for hours needs no news within seconds, and sending goes on beside it. */
const TOLD_AT_ONCE = 500;
/** After that time an organization's queue is looked through from its beginning again. */
const AGAIN_MS = 60_000;
const DAY_SECONDS = 24 * 3600;
const MODE = 'live';

export interface DelayTellerParts {
  database: Database;
  delays: DelayStore;
  paces: Pick<PaceStore, 'progress'>;
  outbox: Outbox;
  facts: ResultFacts;
  valve: Valve;
  weights: Weights;
  waitedSeconds: number;
  logger: Logger;
}

/** How far an organization's queue was looked through, and what for. */
interface Place {
  reason: Deferral;
  from: Date;
  beganMs: number;
}

interface Outlook {
  reason: Deferral;
  /** Recipients a second; null when nobody can tell. */
  perSecond: number | null;
  opensInMs: number;
  /** Something goes: what is in front needs no news. */
  moves: boolean;
}

/**
 * Tells of messages that are due and wait all the same, because of the rate, the quota or SES, why they do and when they
 * will probably go: once for each reason, a batch at a time.
 */
export class DelayTeller extends LeaderLoop {
  private readonly places = new Map<string, Place>();
  private before = { leased: 0, atMs: 0 };

  constructor(private readonly parts: DelayTellerParts) {
    super(parts.database, parts.logger, { name: 'delays', intervalMs: LOOK_MS });
  }

  protected override async work(): Promise<boolean> {
    const { database, delays, weights, waitedSeconds } = this.parts;
    const outlook = await this.outlook();
    return database.transaction(async (tx) => {
      const found = await delays.backlogs(tx, MODE, waitedSeconds);
      const backlogs = found.map((one) => ({ ...one, weight: weights.get(one.organizationId) ?? 1 }));
      this.forgetOthers(backlogs);
      let left = TOLD_AT_ONCE;
      // Those that were told least recently first.
      const inTurn = backlogs.toSorted((a, b) => this.beganMs(a) - this.beganMs(b));
      for (const own of inTurn) {
        if (left > 0) left -= await this.tell(tx, own, backlogs, outlook, left);
      }
      return false;
    });
  }

  /** @returns how many were told of. */
  private async tell(
    tx: Tx,
    own: Backlog & { organizationId: OrganizationId },
    all: readonly Backlog[],
    outlook: Outlook,
    limit: number,
  ): Promise<number> {
    const { delays, outbox, facts, waitedSeconds } = this.parts;
    const { organizationId } = own;
    const place = await this.placeOf(tx, own, all, outlook);
    if (place === null) return 0;
    const { reason, from } = place;
    const sends = await delays.untold(tx, MODE, organizationId, { from, waitedSeconds, reason, limit });
    const [first] = sends;
    if (first === undefined) return 0;
    const ahead = await delays.ahead(tx, MODE, organizationId, first.nextAttemptAt);
    const at = new Date();
    const told = sends.map((send, index) => {
      const turn = turnOf(ahead + index + 1, own, all);
      return { send, messageId: send.messageId, expectedAt: expectedAt(at, turn * meanOf(sends), outlook) };
    });
    await delays.told(tx, MODE, organizationId, reason, told);
    await outbox.write(
      tx,
      // They were not attempted: the number is that of the next attempt.
      told.map(({ send, expectedAt }) =>
        facts.deferred({ ...send, attempt: send.attempt + 1 }, reason, expectedAt, at),
      ),
    );
    this.places.set(organizationId, { ...place, from: sends.at(-1)?.nextAttemptAt ?? from });
    return sends.length;
  }

  /** Where to go on in the queue of an organization; null when all of it will go soon. */
  private async placeOf(
    tx: Tx,
    own: Backlog & { organizationId: OrganizationId },
    all: readonly Backlog[],
    { reason, perSecond, moves }: Outlook,
  ): Promise<Place | null> {
    const known = this.places.get(own.organizationId);
    const nowMs = performance.now();
    if (known?.reason === reason && nowMs - known.beganMs < AGAIN_MS) return known;
    const soon = moves && perSecond !== null ? soonGone(this.parts.waitedSeconds, own, all, perSecond) : 0;
    const from = await this.parts.delays.dueAt(tx, MODE, own.organizationId, soon);
    if (from === null) return null;
    const place = { reason, from, beganMs: nowMs };
    this.places.set(own.organizationId, place);
    return place;
  }

  private async outlook(): Promise<Outlook> {
    const { cause, opensInMs, perSecond }: Standing = this.parts.valve.standing();
    const { leased, max24h } = await this.parts.paces.progress();
    const measured = this.measured(leased);
    switch (cause) {
      case null:
        return { reason: 'backlog', perSecond: measured ?? perSecond, opensInMs: 0, moves: true };
      case 'rate':
        return { reason: DEFERRALS.rate, perSecond, opensInMs: 0, moves: true };
      case 'quota':
        // The 24 hours move on all the time, so on average that much comes back.
        return {
          reason: DEFERRALS.quota,
          perSecond: max24h === null ? perSecond : max24h / DAY_SECONDS,
          opensInMs,
          moves: false,
        };
      case 'outage':
        return { reason: DEFERRALS.outage, perSecond, opensInMs, moves: false };
      case 'operator':
        return { reason: DEFERRALS.operator, perSecond: null, opensInMs, moves: false };
    }
  }

  /** Recipients a second since the last look, over all replicas; null when there is nothing to go by. */
  private measured(leased: number): number | null {
    const atMs = performance.now();
    const { before } = this;
    this.before = { leased, atMs };
    const count = leased - before.leased;
    return before.atMs === 0 || count <= 0 ? null : (count * 1000) / (atMs - before.atMs);
  }

  private beganMs({ organizationId }: Backlog): number {
    return this.places.get(organizationId)?.beganMs ?? 0;
  }

  private forgetOthers(backlogs: readonly Backlog[]): void {
    const waiting = new Set(backlogs.map(({ organizationId }) => organizationId));
    for (const id of this.places.keys()) if (!waiting.has(id)) this.places.delete(id);
  }
}

const meanOf = (sends: readonly Untold[]): number =>
  sends.reduce((sum, { recipients }) => sum + recipients, 0) / sends.length;

function expectedAt(now: Date, recipients: number, { perSecond, opensInMs }: Outlook): Date | null {
  return perSecond === null ? null : new Date(now.getTime() + opensInMs + (recipients * 1000) / perSecond);
}
