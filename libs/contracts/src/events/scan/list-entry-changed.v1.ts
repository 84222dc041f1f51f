import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { ListEntry } from '../../http/list-entry.js';
import { KeyId } from '../../ids.js';

export const ListEntryChangedV1 = defineEvent(
  'scan.list_entry.changed.v1',
  'scan',
  'An entry of the allow and block lists was made, changed or deleted; with its inbox, too.',
  z.object({
    change: z.enum(['created', 'updated', 'deleted']),
    /** As it is now; as it was last when it was deleted. */
    entry: ListEntry,
    /** Grows by one with each change of the entry; an older one that comes later is ignored. */
    version: z.int().min(1),
    /** The key that asked for it; null when the inbox was deleted. */
    actor: KeyId.nullable(),
  }),
);
