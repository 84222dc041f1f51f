import { Injectable } from '@nestjs/common';
import { type MessageId, sameIdAs } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import { ThreadLookupStore } from '../store/thread-lookup.store.js';
import type { Accepted } from './acceptance.js';
import { ThreadMovedOn } from './stale-thread.js';

const nameOf = (one: { organizationId: string; mode: string; threadId: string }): string =>
  `${one.organizationId} ${one.mode} ${one.threadId}`;

const needsLock = ({ message, onlyAfter, watched, limits }: Accepted): boolean =>
  onlyAfter !== null || watched || (limits.length > 0 && message.thread_id !== sameIdAs('thr', message.id));

/** Lets messages into a thread only while it is as their senders knew it. */
@Injectable()
export class ThreadGuard {
  constructor(private readonly threads: ThreadLookupStore) {}

  /**
   * Locks the threads of a batch when one of its messages asks for that, is watched, or locks its daily limit after its thread,
   * so that the answer holds until the commit. Within the batch the first one wins.
   * @returns the refusals, by message.
   */
  async refuse(tx: Tx, batch: readonly Accepted[]): Promise<Map<MessageId, ThreadMovedOn>> {
    if (!batch.some(needsLock)) return new Map();
    const asked = batch.map(({ message, onlyAfter }) => ({
      organizationId: message.organization_id,
      mode: message.mode,
      threadId: message.thread_id,
      id: message.id,
      onlyAfter,
    }));
    const locked = await this.threads.lockEnds(tx, asked);
    const ends = new Map(locked.map((one) => [nameOf(one), one.lastMessageId]));
    const refused = new Map<MessageId, ThreadMovedOn>();
    for (const one of asked) {
      const end = ends.get(nameOf(one)) ?? null;
      if (one.onlyAfter !== null && end !== one.onlyAfter) {
        refused.set(one.id, new ThreadMovedOn(one.threadId, one.onlyAfter));
      } else if (end === null || one.id > end) ends.set(nameOf(one), one.id);
    }
    return refused;
  }
}
