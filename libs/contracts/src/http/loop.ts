import { z } from 'zod';
import { InboxId, ThreadId } from '../ids.js';
import { Timestamp } from './timestamp.js';

/** Whom an inbox writes to: itself, another inbox of the organization, or anyone else. */
export const CounterpartyKind = z.enum(['self', 'sibling', 'other']);
export type CounterpartyKind = z.infer<typeof CounterpartyKind>;

/** An inbox has written to somebody in a thread as often as it may. */
export const DetectedLoop = z.object({
  thread_id: ThreadId,
  inbox_id: InboxId,
  counterparty: z.string().meta({ description: 'whom the inbox wrote to, in lower case' }),
  counterparty_kind: CounterpartyKind,
  automatic: z.boolean().meta({ description: 'a machine wrote the last mail in the thread, so the limit is lower' }),
  limit: z.int().min(1).meta({ description: 'messages to the counterparty in the thread within the window' }),
  window_seconds: z.int().min(1),
  detected_at: Timestamp,
  cool_down_until: Timestamp.meta({ description: 'sends to the counterparty in the thread are refused until then' }),
});
export type DetectedLoop = z.infer<typeof DetectedLoop>;
