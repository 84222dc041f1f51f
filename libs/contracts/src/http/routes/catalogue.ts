import * as answers from './answers.js';
import * as apiKeys from './api-keys.js';
import * as approvals from './approvals.js';
import * as attachments from './attachments.js';
import * as audit from './audit.js';
import * as batch from './batch.js';
import * as credits from './credits.js';
import * as domains from './domains.js';
import * as drafts from './drafts.js';
import * as events from './events.js';
import * as expectReply from './expect-reply.js';
import * as inboxes from './inboxes.js';
import * as lists from './lists.js';
import * as messageChanges from './message-changes.js';
import * as messages from './messages.js';
import * as metrics from './metrics.js';
import * as policies from './policies.js';
import * as preview from './preview.js';
import * as organizations from './organizations.js';
import * as removals from './removals.js';
import type { RouteDefinition } from './route.js';
import * as scan from './scan.js';
import * as suppressions from './suppressions.js';
import * as threads from './threads.js';
import * as timeline from './timeline.js';
import * as webhooks from './webhooks.js';

/** Every route of the HTTP contract, once, in the order of the reference. */
export const ROUTES: readonly RouteDefinition[] = [
  inboxes,
  messages,
  batch,
  answers,
  preview,
  drafts,
  messageChanges,
  timeline,
  removals,
  threads,
  expectReply,
  attachments,
  approvals,
  policies,
  lists,
  scan,
  suppressions,
  domains,
  webhooks,
  events,
  metrics,
  credits,
  apiKeys,
  audit,
  organizations,
].flatMap((routes): RouteDefinition[] => Object.values(routes));
