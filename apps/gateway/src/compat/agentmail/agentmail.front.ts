import type { Front } from '../front.js';
import { apiKeyRoutes } from './api-keys.js';
import { attachmentRoutes } from './attachments.js';
import { batchRoutes } from './batch.js';
import { domainRoutes } from './domains.js';
import { draftRoutes } from './drafts.js';
import { inboxRoutes } from './inboxes.js';
import { listRoutes } from './lists.js';
import { messageRoutes } from './messages.js';
import { metricRoutes } from './metrics.js';
import { rawRoutes } from './raw.js';
import { refusal } from './refusal.js';
import { searchRoutes } from './search.js';
import { sendRoutes } from './sends.js';
import { threadRoutes } from './threads.js';
import { webhookRoutes } from './webhooks.js';

/** AgentMail, as its package `agentmail` 0.5 asks for it. */
export const agentMail: Front = {
  base: '/compat/agentmail/v0',
  routes: [
    inboxRoutes,
    messageRoutes,
    batchRoutes,
    searchRoutes,
    sendRoutes,
    threadRoutes,
    attachmentRoutes,
    rawRoutes,
    draftRoutes,
    webhookRoutes,
    listRoutes,
    domainRoutes,
    apiKeyRoutes,
    metricRoutes,
  ].flat(),
  refusal,
};
