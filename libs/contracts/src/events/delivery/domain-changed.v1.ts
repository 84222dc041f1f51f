import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { Domain } from '../../http/domain.js';
import { KeyId } from '../../ids.js';

export const DomainChangedV1 = defineEvent(
  'delivery.domain.changed.v1',
  'delivery',
  'A domain was added, checked with another result than before, verified for sending or for receiving, or deleted.',
  z.object({
    change: z.enum(['created', 'updated', 'verified', 'deleted']),
    domain: Domain,
    /** Its ownership record was seen, and no other organization had the name: inboxes may be made in it. */
    owned: z.boolean(),
    /** Grows with each change: facts may come in any order. */
    version: z.int(),
    /** The key that asked for it; null when a check found it. */
    actor: KeyId.nullable(),
  }),
);
