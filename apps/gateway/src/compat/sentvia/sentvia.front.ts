import type { Front } from '../front.js';
import { attachmentRoutes } from './attachments.js';
import { domainRoutes } from './domains.js';
import { draftRoutes } from './drafts.js';
import { inboxRoutes } from './inboxes.js';
import { labelRoutes } from './labels.js';
import { listRoutes } from './lists.js';
import { messageRoutes } from './messages.js';
import { realtimeRoutes } from './realtime.js';
import { refusal } from './refusal.js';
import { sendRoutes } from './sends.js';
import { threadRoutes } from './threads.js';
import { webhookRoutes } from './webhooks.js';

/** For clients of Sentvia (docs.sentvia.ai, November 2026). */
export const sentvia: Front = {
  base: '/compat/sentvia/v1',
  routes: [
    ...inboxRoutes,
    ...sendRoutes,
    ...messageRoutes,
    ...threadRoutes,
    ...draftRoutes,
    ...labelRoutes,
    ...listRoutes,
    ...webhookRoutes,
    ...domainRoutes,
    ...attachmentRoutes,
    ...realtimeRoutes,
  ],
  refusal,
};
