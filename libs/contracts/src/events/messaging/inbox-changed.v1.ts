import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { Inbox } from '../../http/inbox.js';
import { KeyId } from '../../ids.js';

export const InboxChangedV1 = defineEvent(
  'messaging.inbox.changed.v1',
  'messaging',
  'An inbox was created, updated, paused, resumed or deleted.',
  z.object({
    change: z.enum(['created', 'updated', 'deleted', 'paused', 'resumed']),
    /** Older facts do not say why it is paused. */
    inbox: Inbox.partial({ paused_reason: true }),
    /** Grows by one with each change of the inbox; an older one that comes later is ignored. */
    version: z.int(),
    /** The key that asked for it. Absent in older facts. */
    actor: KeyId.nullable().optional(),
  }),
);
