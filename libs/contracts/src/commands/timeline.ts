import { z } from 'zod';
import { type CommandDefinition, defineCommand } from '../command.js';
import { TimelineEntry, type TimelineService } from '../http/timeline.js';
import { MessageId } from '../ids.js';

const input = z.object({ id: MessageId });
const output = z.object({
  /** At most TIMELINE_ENTRIES_MAX, oldest first. */
  entries: z.array(TimelineEntry),
  /** There are more. */
  truncated: z.boolean(),
});
export type PartOfTimeline = z.infer<typeof output>;

/**
 * What a service has stored of a message. Messaging answers `not_found` for one that the caller may not see; the others
 * do not know whose it is, and tell nothing of what is unknown or deleted.
 */
export const MESSAGE_TIMELINE = {
  messaging: defineCommand('messaging.message_timeline', input, output),
  'security-scan': defineCommand('scan.message_timeline', input, output),
  delivery: defineCommand('delivery.message_timeline', input, output),
  ingest: defineCommand('ingest.message_timeline', input, output),
  webhooks: defineCommand('webhooks.message_timeline', input, output),
} as const satisfies Record<TimelineService, CommandDefinition>;
