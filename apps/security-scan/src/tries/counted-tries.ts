import { Inject, Injectable } from '@nestjs/common';
import type { Fact } from '@postern/contracts';
import { isTemporary, Reject } from '@postern/eventing';
import { LOGGER, type Logger } from '@postern/platform';
import { TriesStore } from '../store/tries.store.js';

/**
 * So often a mail may fail the checks, or end the process in their middle, beside the first time. Then it is no accident: it
 * gets a verdict without them, and the others go on.
 */
export const TRIES_MAX = 3;

/** What is done with a fact: judged, or given a verdict that nobody has looked for. */
export interface Trial<T> {
  judge(): Promise<T>;
  giveUp(): T;
}

/** Judges facts, and counts how often that went wrong with those that come again. */
@Injectable()
export class CountedTries {
  constructor(
    private readonly store: TriesStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @param again  whether the fact was begun before; the first time costs nothing.
   * @throws what judging throws, until it is given up. What is away for the moment is no try, and is waited for however long.
   */
  async run<T>(fact: Fact, again: boolean, trial: Trial<T>): Promise<T> {
    if (!again) return trial.judge();
    if ((await this.store.begin(fact)) > TRIES_MAX) {
      this.logger.error(
        { eventId: fact.id, tries: TRIES_MAX },
        'scan: a mail cannot be judged, and is kept from everybody',
      );
      return trial.giveUp();
    }
    try {
      const judged = await trial.judge();
      await this.store.end(fact);
      return judged;
    } catch (error) {
      if (isTemporary(error) || error instanceof Reject) await this.store.end(fact);
      throw error;
    }
  }
}
