import type { Front, FrontRoute } from '../front.js';
import { Problem } from '../problem.js';
import { apiKeys } from './api-keys.js';
import { domains } from './domains.js';
import { inboxes } from './inboxes.js';
import { messages } from './messages.js';
import { refusal } from './refusal.js';
import { stats } from './stats.js';
import { threads } from './threads.js';
import { webhooks } from './webhooks.js';

const routes: readonly FrontRoute[] = [
  ...inboxes,
  ...messages,
  ...threads,
  ...domains,
  ...webhooks,
  ...apiKeys,
  ...stats,
];

const ofVersion = (route: FrontRoute): FrontRoute => ({ ...route, path: `/v1${route.path}` });

/** Its dashboard names the organization in the path; a key has one only. */
const ofOrganization = (route: FrontRoute): FrontRoute => ({
  ...route,
  path: `/organizations/{organizationId}${route.path}`,
  async answer(request, v1) {
    if (request.params['organizationId'] !== request.organizationId)
      throw new Problem(404, 'not_found', 'Organization not found');
    return route.answer(request, v1);
  },
});

/** Sendook (sendook.com). Facts: docs/compat/sendook.md. */
export const sendook: Front = {
  base: '/compat/sendook',
  routes: [...routes.map(ofVersion), ...routes.map(ofOrganization)],
  refusal,
};
