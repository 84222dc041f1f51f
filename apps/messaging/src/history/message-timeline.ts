import { Injectable } from '@nestjs/common';
import {
  type CommandContext,
  type PartOfTimeline,
  TIMELINE_ENTRIES_MAX,
  type TimelineEntry,
  type TimelineType,
} from '@postern/contracts';
import { Database, notFound } from '@postern/platform';
import { HistoryStore } from '../store/history.store.js';
import { MessageReadStore } from '../store/message-read.store.js';
import type { MessageWithState } from '../store/message.row.js';

/** Tells what messaging knows of a message's past, and whether the caller may see the message at all. */
@Injectable()
export class MessageTimeline {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageReadStore,
    private readonly history: HistoryStore,
  ) {}

  /** @throws AppError `not_found`. */
  async of(context: CommandContext, id: string): Promise<PartOfTimeline> {
    return this.database.asTenant(context, async (tx) => {
      const message = await this.messages.find(tx, context, id, context.inboxIds);
      if (message === null) throw notFound('message');
      const rows = await this.history.ofMessage(tx, context, id);
      const entries = [
        ...(message.direction === 'outbound' ? [accepted(message)] : []),
        ...rows.map(({ type, data, recorded_at }) => entry(recorded_at, type, data)),
      ];
      return { entries: entries.slice(0, TIMELINE_ENTRIES_MAX), truncated: entries.length > TIMELINE_ENTRIES_MAX };
    });
  }
}

const entry = (at: Date, type: TimelineType, data: TimelineEntry['data']): TimelineEntry => ({
  at: at.toISOString(),
  type,
  service: 'messaging',
  data,
});

const accepted = ({ created_at, requested_by, recipients }: MessageWithState): TimelineEntry =>
  entry(created_at, 'accepted', {
    key_id: requested_by,
    skipped: recipients
      .filter(({ status }) => status === 'skipped')
      .map(({ address, reason }) => ({ address, reason })),
  });
