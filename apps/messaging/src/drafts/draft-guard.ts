import { Injectable } from '@nestjs/common';
import type { MessageId, Tenant } from '@postern/contracts';
import type { Tx } from '@postern/platform';
import type { DraftRef } from '../store/draft.row.js';
import { DraftStore } from '../store/draft.store.js';

/** The version of a draft that was to be sent is not there any more. */
export class DraftChanged extends Error {
  constructor() {
    super('the draft was changed, sent or deleted');
  }
}

/** A message on its way into the store, and the draft that it is made of. */
interface FromDraft {
  context: Tenant;
  message: { id: MessageId };
  draft: DraftRef | null;
}

type Made = FromDraft & { draft: DraftRef };

/** Makes messages out of drafts once: the draft goes in the transaction in which its message comes. */
@Injectable()
export class DraftGuard {
  constructor(private readonly store: DraftStore) {}

  /** Keeps drafts as they are until the transaction ends. @returns the messages whose draft is another by now. */
  async refuse(tx: Tx, batch: readonly FromDraft[]): Promise<Map<MessageId, Error>> {
    const made = fromDrafts(batch);
    if (made.length === 0) return new Map();
    const there = new Map((await this.store.lockMany(tx, made.map(nameOf))).map((one) => [one.id, one.version]));
    return new Map(
      made.flatMap(({ message, draft }): [MessageId, Error][] => {
        const isThere = there.get(draft.id) === draft.version;
        // Of several in one batch the first one gets it.
        there.delete(draft.id);
        return isThere ? [] : [[message.id, new DraftChanged()]];
      }),
    );
  }

  /** Takes away the drafts of messages that are stored now. */
  async remove(tx: Tx, stored: readonly FromDraft[]): Promise<void> {
    const made = fromDrafts(stored);
    if (made.length > 0) await this.store.deleteMany(tx, made.map(nameOf));
  }
}

const fromDrafts = (batch: readonly FromDraft[]): Made[] =>
  batch.flatMap((one) => (one.draft === null ? [] : [{ ...one, draft: one.draft }]));

const nameOf = ({ context: { organizationId, mode }, draft: { id } }: Made) => ({ organizationId, mode, id });
