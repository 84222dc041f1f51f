import type { z } from 'zod';
import type { MessageSummary } from '../http/message.js';

/** A message to be told in another system's words: as clients read it, or as an event has it, where bodies may be absent. */
export type MessageToTell = z.input<typeof MessageSummary> & { text?: string | null; html?: string | null };

export const addressesOf = (list: MessageToTell['to']): string[] => list.map(({ address }) => address);
