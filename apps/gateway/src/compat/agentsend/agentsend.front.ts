import type { Front } from '../front.js';
import { apiKeys } from './api-keys.js';
import { attachments } from './attachments.js';
import { domains } from './domains.js';
import { inboxes } from './inboxes.js';
import { messages } from './messages.js';
import { refusal } from './refusal.js';
import { threads } from './threads.js';
import { webhooks } from './webhooks.js';

/** AgentSend (agentsend.io). Facts: docs/compat/agentsend.md. */
export const agentSend: Front = {
  base: '/compat/agentsend',
  routes: [...inboxes, ...messages, ...threads, ...attachments, ...webhooks, ...domains, ...apiKeys],
  refusal,
};
