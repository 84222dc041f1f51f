import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { newId } from '@postern/contracts';
import { type Database, type Logger, pollLoop, type Tx, type Wakeable } from '@postern/platform';
import type { Dispatcher } from '../call/dispatcher.js';
import type { CallStore } from '../store/call-store.js';
import type { ReplayInHand, ReplayStore } from '../store/replay-store.js';

/** A replay has a turn this often, so that an endpoint gets at most 200 of its events a second. */
const PAUSE_MS = 250;
/**
 * Calls of replays that may wait for one endpoint: a new event waits behind these at most, six rounds of an endpoint that
 * takes eight calls at once.
 */
const WAITING_MAX = 50;

/**
 * Turns replays into calls, a few at a time. The calls and how far the replay is are one commit, so whoever is killed, the
 * next turn of any process goes on where it stopped.
 */
export class Replayer implements OnApplicationBootstrap, OnModuleDestroy {
  private loop: Wakeable | undefined;

  constructor(
    private readonly database: Database,
    private readonly replays: ReplayStore,
    private readonly calls: CallStore,
    private readonly dispatcher: Pick<Dispatcher, 'wake'>,
    private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.loop = pollLoop({
      intervalMs: PAUSE_MS,
      work: () => this.turn(),
      onError: (err) => this.logger.warn({ what: 'webhooks.replay', err }),
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop?.stop();
  }

  /** @returns whether a replay had its turn: another may be due, too. */
  private async turn(): Promise<boolean> {
    const { found, ordered } = await this.database.transaction(async (tx) => {
      const replay = await this.replays.take(tx);
      return replay === null ? { found: false, ordered: 0 } : { found: true, ordered: await this.step(tx, replay) };
    });
    if (ordered > 0) this.dispatcher.wake();
    return found;
  }

  private async step(tx: Tx, replay: ReplayInHand): Promise<number> {
    const room = WAITING_MAX - replay.waiting;
    if (room <= 0) {
      await this.replays.advance(tx, replay, replay.afterSequence, PAUSE_MS);
      return 0;
    }
    const { events, through } = await this.replays.next(tx, replay, room);
    const { organizationId, mode, webhookId } = replay;
    await this.calls.add(
      tx,
      events.map(({ eventId, eventType, eventDay, lastAttempt }) => ({
        organizationId,
        mode,
        id: newId('dlv'),
        webhookId,
        eventId,
        eventType,
        eventDay,
        attempt: lastAttempt + 1,
        replayId: replay.id,
      })),
    );
    // Where nothing was found the log is looked through without a pause.
    await this.replays.advance(tx, replay, through, events.length === 0 ? 0 : PAUSE_MS);
    return events.length;
  }
}
