import type { Tx } from '@postern/platform';
import type { DeletedMessage } from './tombstones.js';

/** Forgets what a service keeps of deleted messages. Each service with tombstones provides its own under {@link PURGE}. */
export interface Purge {
  /** Called when a deletion is heard of, and once more some time later. Safe to repeat. */
  run(tx: Tx, messages: readonly DeletedMessage[]): Promise<void>;
  /** Called with the tombstones that are dropped: nothing about these messages can come any more. */
  forget?(tx: Tx, messages: readonly DeletedMessage[]): Promise<void>;
}

export const PURGE = Symbol('purge');
