import { Inject, Injectable } from '@nestjs/common';
import { Database, LeaderLoop, LOGGER, type Logger } from '@postern/platform';
import { IndexMessages, QUEUE_START, type QueuePlace } from './index-messages.js';

/** The longest that a message waits when nobody searches: a search indexes what it needs itself. */
const POLL_MS = 500;

/** Indexes messages in the background. */
@Injectable()
export class SearchIndexer extends LeaderLoop {
  private place: QueuePlace = QUEUE_START;

  constructor(
    database: Database,
    private readonly indexMessages: IndexMessages,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(database, logger, { name: 'search', intervalMs: POLL_MS });
  }

  /** One batch. @returns whether there may be more: the queue was not read from its start to its end. */
  protected override async work(): Promise<boolean> {
    const wasAtStart = this.place === QUEUE_START;
    const next = await this.indexMessages.next(this.place);
    this.place = next ?? QUEUE_START;
    return next !== null || !wasAtStart;
  }
}
