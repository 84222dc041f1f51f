import { Inject, Injectable } from '@nestjs/common';
import { Database, LeaderLoop, LOGGER, type Logger } from '@postern/platform';
import { RemovalStore } from '../store/removal-store.js';

/** Nobody waits for it: what is deleted is out of sight. */
const LOOK_EVERY_MS = 1_000;

/** Deletes the rows of deleted endpoints; after a kill the next process goes on. */
@Injectable()
export class EndpointRemovals extends LeaderLoop {
  constructor(
    database: Database,
    private readonly removals: RemovalStore,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(database, logger, { name: 'endpoint-removals', intervalMs: LOOK_EVERY_MS });
  }

  protected override async work(): Promise<boolean> {
    const endpoint = await this.removals.next();
    return endpoint !== null && this.removals.remove(endpoint);
  }
}
