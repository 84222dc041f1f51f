import { Inject, Injectable } from '@nestjs/common';
import { Database, LeaderLoop, LOGGER, type Logger } from '@postern/platform';
import { forgetOld } from '../store/retention.store.js';

const HOUR_MS = 3600 * 1000;

/** Deletes what is kept for a time only. */
@Injectable()
export class Retention extends LeaderLoop {
  constructor(
    private readonly database: Database,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(database, logger, { name: 'retention', intervalMs: HOUR_MS });
  }

  protected override work(): Promise<boolean> {
    return forgetOld(this.database);
  }
}
