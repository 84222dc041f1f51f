import { Inject, Injectable } from '@nestjs/common';
import { Database, LeaderLoop, LOGGER, type Logger } from '@postern/platform';
import { RemoveInbox } from './remove-inbox.js';

/** When another replica took the DELETE, or the process that did is gone. */
const LOOK_EVERY_MS = 1_000;

/** Works through the removals of deleted inboxes. After a kill the next leader goes on. */
@Injectable()
export class InboxRemovals extends LeaderLoop {
  constructor(
    database: Database,
    private readonly removeInbox: RemoveInbox,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(database, logger, { name: 'inbox-removals', intervalMs: LOOK_EVERY_MS });
  }

  protected override work(): Promise<boolean> {
    return this.removeInbox.step();
  }
}
