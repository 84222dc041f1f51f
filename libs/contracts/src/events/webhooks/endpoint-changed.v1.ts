import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { InboxId, KeyId, WebhookId } from '../../ids.js';

export const EndpointChangedV1 = defineEvent(
  'webhooks.endpoint.changed.v1',
  'webhooks',
  'A tenant registered, changed or removed a webhook endpoint, or gave it a new secret.',
  z.object({
    change: z.enum(['created', 'updated', 'deleted', 'secret_rotated']),
    webhookId: WebhookId,
    /** Where calls go, without path and query, which may hold secrets. */
    host: z.string(),
    /** Empty: every inbox. */
    inboxIds: z.array(InboxId),
    status: z.enum(['enabled', 'disabled']),
    actor: KeyId.nullable(),
  }),
);
