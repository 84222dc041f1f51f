import { Inject, Injectable } from '@nestjs/common';
import { Database, LeaderLoop, LOGGER, type Logger } from '@postern/platform';
import { ChainPending } from './chain-pending.js';

/** How late an entry may be seen. Looking at an empty table costs the database next to nothing. */
const LOOK_EVERY_MS = 250;

/** Chains what is pending. */
@Injectable()
export class AuditChainer extends LeaderLoop {
  constructor(
    database: Database,
    private readonly pending: ChainPending,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(database, logger, { name: 'audit', intervalMs: LOOK_EVERY_MS });
  }

  protected override work(): Promise<boolean> {
    return this.pending.run();
  }
}
