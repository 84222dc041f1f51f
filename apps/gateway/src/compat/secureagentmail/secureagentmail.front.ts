import type { Front } from '../front.js';
import { apiKeyRoutes } from './api-keys.js';
import { approvalRoutes } from './approvals.js';
import { auditRoutes } from './audit-log.js';
import { creditRoutes } from './credits.js';
import { inboxRoutes } from './inboxes.js';
import { messageRoutes } from './messages.js';
import { policyRoutes } from './policies.js';
import { refusal } from './refusal.js';
import { sendRoutes } from './send.js';
import { threadRoutes } from './threads.js';

/** SecureAgentMail, as its API reference of 2026 has it. */
export const secureAgentMail: Front = {
  base: '/compat/secureagentmail/api/v1',
  routes: [
    ...inboxRoutes,
    ...sendRoutes,
    ...messageRoutes,
    ...threadRoutes,
    ...policyRoutes,
    ...approvalRoutes,
    ...creditRoutes,
    ...auditRoutes,
    ...apiKeyRoutes,
  ],
  refusal,
};
