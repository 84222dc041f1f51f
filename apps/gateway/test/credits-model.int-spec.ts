import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type MessageId, newId, type OrganizationId } from '@postern/contracts';
import { fullRun, type Infra, type ServiceUnderTest, startInfra } from '@postern/testing';
import { type Charge, sent } from '../src/credits/charges.js';
import { type Period, periodAt, periodOf } from '../src/credits/period.js';
import { CreditsWorld } from './credits.world.js';
import { startReplica } from './gateway.harness.js';

const OPERATIONS = fullRun() ? 10_000 : 2_000;
const SEEDS = fullRun() ? [1, 2, 3] : [1];
const REPLICAS = 3;
const TIMEOUT_MS = 600_000;
/** A month turns this often in a run. */
const TURNS = 3;

let infra: Infra;
let gateway: ServiceUnderTest;

beforeAll(async () => {
  infra = await startInfra();
  gateway = await startReplica(infra);
});
afterAll(async () => {
  await gateway.stop();
  await infra.stop();
});

/** Numbers that look random and are the same in every run (a linear congruential generator, constants of Numerical Recipes). */
function dice(seed: number) {
  let state = seed;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  return { below, oneIn: (n: number) => below(n) === 0 };
}

/** Counts by month. */
class Tally {
  private readonly counts = new Map<Period, number>();

  add(messageId: MessageId, by = 1): void {
    const period = periodOf(messageId);
    this.counts.set(period, this.of(period) + by);
  }

  of(period: Period): number {
    return this.counts.get(period) ?? 0;
  }
}

/** What ought to be true of one organization, kept beside what the code does. */
class Model {
  /** Facts that are under way; some stay so for long. */
  readonly facts: Charge[] = [];
  /** Accepted, and not ended yet. */
  readonly living: MessageId[] = [];
  /** Reserved, not accepted, and not known to be refused. */
  readonly open = new Tally();
  private readonly sent = new Tally();
  private readonly received = new Tally();
  private readonly refunded = new Tally();
  private readonly refunds = new Set<MessageId>();

  constructor(
    readonly id: OrganizationId,
    public limit: number,
  ) {}

  accept(messageId: MessageId): void {
    this.open.add(messageId, -1);
    this.sent.add(messageId);
    this.living.push(messageId);
    this.facts.push(sent({ organizationId: this.id, mode: 'live', messageId }));
  }

  receive(messageId: MessageId): void {
    this.received.add(messageId);
    this.facts.push({ organizationId: this.id, mode: 'live', messageId, reason: 'message_received', amount: -1 });
  }

  /** A message ended unsent: the fact says so, now or later. */
  endUnsent(messageId: MessageId): void {
    const base = { organizationId: this.id, mode: 'live' as const, messageId };
    this.facts.push(sent(base), { ...base, reason: 'refund', amount: 1 });
  }

  delivered({ reason, messageId }: Charge): void {
    if (reason !== 'refund' || this.refunds.has(messageId)) return;
    this.refunds.add(messageId);
    this.refunded.add(messageId);
  }

  used(period: Period): number {
    return this.sent.of(period) + this.received.of(period) - this.refunded.of(period);
  }

  /** Sends that were paid for and not given back, and those that may still become so. */
  spent(period: Period): number {
    return this.sent.of(period) - this.refunded.of(period) + this.open.of(period);
  }
}

describe('credits, against a model', () => {
  it.each(SEEDS)(
    `come out right after ${OPERATIONS} random operations of ${REPLICAS} replicas (seed %i)`,
    async (seed) => {
      const { below, oneIn } = dice(seed);
      const world = new CreditsWorld(gateway.database, REPLICAS);
      const models: Model[] = [];
      for (const limit of [30, 120, 480]) models.push(new Model(await world.organization(limit), limit));
      const untouched = await world.organization(7);
      let done = 0;
      const counts: Record<string, number> = {};
      /** Accepted by messaging after the gateway gave up waiting, but long before the lease can be buried. */
      let slow: { model: Model; messageId: MessageId }[] = [];

      const period = (): Period => periodAt(new Date(world.time));
      const accept = (model: Model, messageId: MessageId): void => {
        world.accepted.get(model.id)?.add(messageId);
        model.accept(messageId);
      };
      const send = async (model: Model): Promise<void> => {
        const desk = world.desks[below(REPLICAS)];
        const messageId = world.messageId();
        if (desk === undefined || !(await desk.reserve(model.id, messageId))) {
          counts['refused'] = (counts['refused'] ?? 0) + 1;
          return;
        }
        model.open.add(messageId);
        // Whatever happened before: outbound messages never go over the limit.
        expect(model.spent(periodOf(messageId))).toBeLessThanOrEqual(model.limit);
        const fate = below(100);
        if (fate < 80) accept(model, messageId);
        else if (fate < 90) {
          desk.release(model.id, messageId);
          model.open.add(messageId, -1);
        } else if (fate < 94) slow.push({ model, messageId });
        else if (fate < 97) accept(model, messageId);
        // The rest was lost on the way to messaging: nobody knows, until the desk asks.
        else model.open.add(messageId, -1);
      };
      const pass = async (ms: number): Promise<void> => {
        for (const { model, messageId } of slow) accept(model, messageId);
        slow = [];
        world.time += ms;
      };
      const deliver = async (model: Model, some: boolean): Promise<void> => {
        const batch: Charge[] = [];
        for (let n = model.facts.length; n > 0; n -= 1) {
          const at = below(model.facts.length);
          const fact = model.facts[at];
          if (fact === undefined || (some && !oneIn(2))) continue;
          batch.push(fact);
          if (!some || !oneIn(5)) model.facts.splice(at, 1);
        }
        await world.enter(batch);
        for (const fact of batch) model.delivered(fact);
      };
      const operations: Record<string, (model: Model) => Promise<void>> = {
        send,
        burst: async (model) => {
          const size = 2 + below(20);
          done += size - 1;
          await Promise.all(Array.from({ length: size }, () => send(model)));
        },
        facts: (model) => deliver(model, true),
        receive: async (model) => model.receive(world.messageId()),
        unsent: async (model) => {
          const [messageId] = model.living.splice(below(model.living.length), 1);
          if (messageId !== undefined) model.endUnsent(messageId);
        },
        crash: async () => world.start(below(REPLICAS)),
        tick: async () => void (await world.desks[below(REPLICAS)]?.tick()),
        second: () => pass(100 + below(2_000)),
        minute: () => pass(oneIn(3) ? 70_000 : 15_000),
        bury: () => world.reconcile.buryDeadLeases(),
        limit: async (model) => {
          model.limit = Math.max(5, model.limit + below(41) - 20);
          await world.limit(model.id, model.limit);
          // A replica hears of it within a second.
          await pass(1_000);
          await world.tickAll();
        },
        show: async (model) => {
          const purse = await world.desks[below(REPLICAS)]?.showNow(model.id);
          expect(purse?.remaining).toBeGreaterThanOrEqual(0);
          const books = await world.books(model.id);
          expect(books.used).toBe(books.entered);
        },
      };
      const often = { send: 40, burst: 8, facts: 16, receive: 2, unsent: 6, crash: 1, tick: 10, second: 10, bury: 2 };
      const seldom = { minute: 1, limit: 1, show: 3 };
      const deck = Object.entries({ ...often, ...seldom }).flatMap(([name, weight]) =>
        Array.from({ length: weight }, () => name),
      );

      let turns = 0;
      for (; done < OPERATIONS; done += 1) {
        const name = deck[below(deck.length)] ?? '';
        const model = models[below(models.length)];
        if (model === undefined) throw new Error('no model');
        counts[name] = (counts[name] ?? 0) + 1;
        await operations[name]?.(model);
        if (done >= (OPERATIONS / (TURNS + 1)) * (turns + 1)) {
          turns += 1;
          const start = new Date(world.time);
          await pass(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1) - 1 - world.time);
        }
      }

      // Everything arrives, everyone who is gone is buried, everyone who lives has looked.
      await pass(1_000);
      for (const model of models) await deliver(model, false);
      for (let n = 0; n < 4; n += 1) {
        await pass(61_000);
        await world.tickAll();
        await world.reconcile.buryDeadLeases();
      }
      for (const model of models) {
        const books = await world.books(model.id);
        expect(books).toEqual({ used: model.used(period()), entered: model.used(period()), unspent: 0, pending: 0 });
        const left = Math.max(0, model.limit - books.used);
        const tries = await Promise.all(
          Array.from({ length: left + 5 }, (_, n) => world.desks[n % REPLICAS]?.reserve(model.id, world.messageId())),
        );
        // Among so many at once, one that asks for the last credit may be refused while it is on its way between two replicas.
        let taken = tries.filter(Boolean).length;
        expect(taken).toBeLessThanOrEqual(left);
        while (await world.desks[taken % REPLICAS]?.reserve(model.id, world.messageId())) taken += 1;
        // Nothing leaked: what remains can be spent, to the last one, over all replicas.
        expect(taken).toBe(left);
      }
      expect(await world.books(untouched)).toEqual({ used: 0, entered: 0, unspent: 0, pending: 0 });
      expect(counts['refused']).toBeGreaterThan(0);
      expect(Object.keys(counts)).toEqual(expect.arrayContaining(Object.keys({ ...often, ...seldom })));
    },
    TIMEOUT_MS,
  );
});

describe('an account', () => {
  it('waits with the end of a dead lease while messaging is away', async () => {
    const world = new CreditsWorld(gateway.database, 1);
    const organizationId = await world.organization(2);
    expect(await world.desks[0]?.reserve(organizationId, world.messageId())).toBe(true);
    world.start(0);
    world.time += 120_000;
    world.messagingIsAway = true;
    await expect(world.reconcile.buryDeadLeases()).rejects.toThrow('messaging is away');
    expect(await world.books(organizationId)).toMatchObject({ used: 0, pending: 1 - 1, unspent: 1 });
    world.messagingIsAway = false;
    await world.reconcile.buryDeadLeases();
    expect(await world.books(organizationId)).toMatchObject({ pending: 0, unspent: 0 });
  });

  it('has entries that nobody can change or delete', async () => {
    const world = new CreditsWorld(gateway.database, 1);
    const organizationId = await world.organization(null);
    await world.enter([sent({ organizationId, mode: 'live', messageId: newId('msg') })]);
    for (const change of [
      'UPDATE credit_ledger SET amount = 5',
      'DELETE FROM credit_ledger',
      'TRUNCATE credit_ledger',
    ]) {
      await expect(gateway.database.query(change)).rejects.toThrow('append-only');
    }
  });
});
