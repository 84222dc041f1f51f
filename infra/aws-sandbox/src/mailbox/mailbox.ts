import { createFifo } from '../fifo.js';

/** One SES call that was taken. */
export interface TakenMessage {
  /** Place in the order of arrival; never used twice in one run. */
  readonly sequence: number;
  readonly messageId: string;
  /** Envelope sender: bare address. */
  readonly source: string;
  /** Envelope recipients: bare addresses, as they were written. */
  readonly destinations: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly configurationSet: string | null;
  /** What a recipient gets: SES's own Message-ID and Date, without X-SES headers. */
  readonly raw: Buffer;
  readonly at: Date;
}

export interface MessageFilter {
  /** An envelope recipient, in any case. */
  readonly to?: string | undefined;
  /** Part of the raw message, exact bytes of its UTF-8 form. */
  readonly contains?: string | undefined;
}

/** Remembers what was taken, oldest first, within bounds. */
export interface Mailbox {
  add(message: Omit<TakenMessage, 'sequence'>): TakenMessage;
  find(messageId: string): TakenMessage | undefined;
  /** Up to `limit` matches after a sequence number, and whether there are more. */
  page(filter: MessageFilter, after: number, limit: number): { messages: TakenMessage[]; hasMore: boolean };
  /** The newest matches, newest first. */
  newest(filter: MessageFilter, limit: number): TakenMessage[];
  count(filter: MessageFilter): number;
  clear(): void;
}

/** Enough for the long benchmarks, and bounded so that a forgotten sandbox does not eat the machine. */
export const MAILBOX_BOUNDS = { maxMessages: 200_000, maxBytes: 512 * 1024 * 1024 };

const matcher = ({ to, contains }: MessageFilter): ((message: TakenMessage) => boolean) => {
  const address = to?.toLowerCase();
  return (message) =>
    (address === undefined || message.destinations.some((destination) => destination.toLowerCase() === address)) &&
    (contains === undefined || message.raw.includes(contains));
};

export const createMailbox = (bounds = MAILBOX_BOUNDS): Mailbox => {
  const kept = createFifo<TakenMessage>();
  const byId = new Map<string, TakenMessage>();
  let bytes = 0;
  let lastSequence = 0;

  const dropOldest = (): void => {
    const dropped = kept.shift();
    if (!dropped) return;
    byId.delete(dropped.messageId);
    bytes -= dropped.raw.length;
  };

  return {
    add(message) {
      const taken = { ...message, sequence: ++lastSequence };
      kept.push(taken);
      byId.set(taken.messageId, taken);
      bytes += taken.raw.length;
      while (kept.length > 1 && (kept.length > bounds.maxMessages || bytes > bounds.maxBytes)) dropOldest();
      return taken;
    },
    find: (messageId) => byId.get(messageId),
    page(filter, after, limit) {
      const matches = matcher(filter);
      const messages: TakenMessage[] = [];
      // Sequence numbers have no gaps, so the place of the first newer one is known.
      const start = Math.max(0, after - ((kept.at(0)?.sequence ?? 1) - 1));
      for (let index = start; index < kept.length; index++) {
        const message = kept.at(index);
        if (!message || !matches(message)) continue;
        if (messages.length === limit) return { messages, hasMore: true };
        messages.push(message);
      }
      return { messages, hasMore: false };
    },
    newest(filter, limit) {
      const matches = matcher(filter);
      const messages: TakenMessage[] = [];
      for (let index = kept.length - 1; index >= 0 && messages.length < limit; index--) {
        const message = kept.at(index);
        if (message && matches(message)) messages.push(message);
      }
      return messages;
    },
    count(filter) {
      if (filter.to === undefined && filter.contains === undefined) return kept.length;
      const matches = matcher(filter);
      let count = 0;
      for (let index = 0; index < kept.length; index++) {
        const message = kept.at(index);
        if (message && matches(message)) count += 1;
      }
      return count;
    },
    clear() {
      kept.clear();
      byId.clear();
      bytes = 0;
    },
  };
};
