import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { WebhookId } from '../../ids.js';

export const EndpointDisabledV1 = defineEvent(
  'webhooks.endpoint.disabled.v1',
  'webhooks',
  'A webhook endpoint was disabled because it answered 410 or failed for too long.',
  z.object({ webhookId: WebhookId, url: z.string(), reason: z.string() }),
);
