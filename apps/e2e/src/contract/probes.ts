import { unique } from '../harness/postern.js';
import type { Belongings } from './belongings.js';

export interface ProbeRequest {
  path: string;
  body?: object;
}

/**
 * What somebody is answered who must not have it: `absent` is 404; `shut` 403; `empty` a list with none of it; `own` the
 * call names nothing of anybody, so that it works within the caller's own tenant.
 */
export type Refusal = 'absent' | 'shut' | 'empty' | 'own';

/** A right request of one route, and how those are answered whom its subject does not belong to. */
export interface Probe {
  request(of: Belongings): ProbeRequest;
  /** A key of another organization, or of the other mode. */
  stranger: Refusal;
  /** A key of the same organization and mode that is bound to another inbox. */
  bound: Refusal;
}

const own = (path: string): Probe => ({ request: () => ({ path }), stranger: 'own', bound: 'own' });
const names = (request: Probe['request']): Probe => ({ request, stranger: 'absent', bound: 'absent' });
const lists = (path: string): Probe => ({ request: () => ({ path }), stranger: 'empty', bound: 'empty' });
const makes = (request: Probe['request']): Probe => ({ request, stranger: 'own', bound: 'shut' });
/** Belongs to the organization, not to one of its inboxes. */
const ofAllInboxes = (probe: Probe): Probe => ({ ...probe, bound: 'shut' });
const forRoot = (request: Probe['request']): Probe => ({ request, stranger: 'shut', bound: 'shut' });

const mail = { to: 'success@simulator.amazonses.com', subject: 'Probe', text: 'Probe' };

const policy = { type: 'domain_blocklist', config: { domains: ['blocked.example'] }, action: 'tag' };

const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

/**
 * A right request for every route, by operationId, in an order in which one tenant can make them all. A new route
 * needs a row here.
 */
export const PROBES: Readonly<Record<string, Probe>> = {
  create_inbox: makes(() => ({ path: '/v1/inboxes', body: { slug: unique('probe') } })),
  list_inboxes: lists('/v1/inboxes?limit=100'),
  get_inbox: names(({ inbox }) => ({ path: `/v1/inboxes/${inbox['slug']}` })),
  update_inbox: names(({ inbox }) => ({ path: `/v1/inboxes/${inbox['id']}`, body: { display_name: 'Probed' } })),
  pause_inbox: names(({ pausableInbox }) => ({ path: `/v1/inboxes/${pausableInbox['id']}/pause` })),
  resume_inbox: names(({ pausableInbox }) => ({ path: `/v1/inboxes/${pausableInbox['address']}/resume` })),
  send_message: names(({ inbox }) => ({ path: `/v1/inboxes/${inbox['slug']}/messages`, body: mail })),
  // The reply is 200 whatever becomes of the items: who may not send from the inbox gets an error for the item.
  send_batch: {
    request: ({ inbox }) => ({ path: '/v1/messages/batch', body: { messages: [{ inbox_id: inbox['id'], ...mail }] } }),
    stranger: 'empty',
    bound: 'empty',
  },
  create_draft: names(({ inbox }) => ({ path: `/v1/inboxes/${inbox['slug']}/drafts`, body: { subject: 'Probe' } })),
  list_drafts: names(({ inbox }) => ({ path: `/v1/inboxes/${inbox['id']}/drafts` })),
  get_draft: names(({ draft }) => ({ path: `/v1/drafts/${draft['id']}` })),
  update_draft: names(({ draft }) => ({ path: `/v1/drafts/${draft['id']}`, body: { text: 'Probed' } })),
  send_draft: names(({ draftToSend }) => ({ path: `/v1/drafts/${draftToSend['id']}/send` })),
  delete_draft: names(({ draft }) => ({ path: `/v1/drafts/${draft['id']}` })),
  preview_message: names(({ inbox }) => ({ path: `/v1/inboxes/${inbox['slug']}/messages/preview`, body: mail })),
  send_message_from: names(({ inbox }) => ({ path: '/v1/messages', body: { inbox_id: inbox['id'], ...mail } })),
  reply_to_message: names(({ message }) => ({ path: `/v1/messages/${message['id']}/reply`, body: { text: 'Probe' } })),
  forward_message: names(({ message }) => ({
    path: `/v1/messages/${message['id']}/forward`,
    body: { to: mail.to, text: 'Probe' },
  })),
  list_inbox_messages: names(({ inbox }) => ({ path: `/v1/inboxes/${inbox['id']}/messages` })),
  list_messages: lists('/v1/messages?limit=100'),
  get_message: names(({ message }) => ({ path: `/v1/messages/${message['id']}` })),
  get_raw_message: names(({ message }) => ({ path: `/v1/messages/${message['id']}/raw` })),
  get_message_timeline: names(({ message }) => ({ path: `/v1/messages/${message['id']}/timeline` })),
  update_message: names(({ message }) => ({ path: `/v1/messages/${message['id']}`, body: { add_labels: ['probed'] } })),
  cancel_message: names(({ scheduledMessage }) => ({ path: `/v1/messages/${scheduledMessage['id']}/cancel` })),
  release_message: names(({ withheldMessage }) => ({ path: `/v1/messages/${withheldMessage['id']}/release` })),
  list_threads: names(({ inbox }) => ({ path: `/v1/inboxes/${inbox['id']}/threads` })),
  get_thread: names(({ message }) => ({ path: `/v1/threads/${message['thread_id']}` })),
  list_thread_messages: names(({ message }) => ({ path: `/v1/threads/${message['thread_id']}/messages` })),
  update_thread: names(({ message }) => ({
    path: `/v1/threads/${message['thread_id']}`,
    body: { add_labels: ['probed'] },
  })),
  expect_reply: names(({ message }) => ({
    path: `/v1/threads/${message['thread_id']}/expect_reply`,
    body: { by: inAnHour() },
  })),
  // A body of JSON is a file like any other.
  upload_attachment: {
    ...makes(() => ({ path: '/v1/attachments?filename=probe.json', body: { probe: true } })),
    bound: 'own',
  },
  get_attachment: names(({ attachment }) => ({ path: `/v1/attachments/${attachment['id']}` })),
  get_attachment_content: names(({ attachment }) => ({ path: `/v1/attachments/${attachment['id']}/content` })),
  list_approvals: lists('/v1/approvals?limit=100'),
  get_approval: names(({ approval }) => ({ path: `/v1/approvals/${approval['id']}` })),
  approve_message: names(({ approval }) => ({
    path: `/v1/approvals/${approval['id']}/approve`,
    body: { content_hash: approval['content_hash'] },
  })),
  reject_message: names(({ otherApproval }) => ({ path: `/v1/approvals/${otherApproval['id']}/reject` })),
  decide_approvals: {
    request: ({ listedApproval: { id, content_hash } }) => ({
      path: '/v1/approvals/decide',
      body: { decisions: [{ id, content_hash, decision: 'approve' }] },
    }),
    stranger: 'empty',
    bound: 'empty',
  },
  create_list_entry: makes(() => ({
    path: '/v1/lists',
    body: { kind: 'block', direction: 'send', pattern: `${unique('probe')}.example` },
  })),
  list_list_entries: lists('/v1/lists?limit=100'),
  get_list_entry: names(({ listEntry }) => ({ path: `/v1/lists/${listEntry['id']}` })),
  update_list_entry: names(({ listEntry }) => ({ path: `/v1/lists/${listEntry['id']}`, body: { reason: 'Probed' } })),
  delete_list_entry: names(({ listEntry }) => ({ path: `/v1/lists/${listEntry['id']}` })),
  create_policy: names(({ inbox }) => ({ path: '/v1/policies', body: { inbox_id: inbox['id'], ...policy } })),
  list_policies: lists('/v1/policies?limit=100'),
  get_policy: names(({ policy: { id } }) => ({ path: `/v1/policies/${id}` })),
  update_policy: names(({ policy: { id } }) => ({ path: `/v1/policies/${id}`, body: { priority: 7 } })),
  backtest_policy: names(({ inbox }) => ({
    path: '/v1/policies/backtest',
    body: { policy: { inbox_id: inbox['id'], ...policy }, since: '2026-01-01T00:00:00Z' },
  })),
  delete_policy: names(({ policy: { id } }) => ({ path: `/v1/policies/${id}` })),
  scan_content: {
    ...makes(() => ({ path: '/v1/scan', body: { direction: 'inbound', text: 'Probe' } })),
    bound: 'own',
  },
  create_suppression: makes(() => ({ path: '/v1/suppressions', body: { address: `${unique('probe')}@example.com` } })),
  list_suppressions: ofAllInboxes(lists('/v1/suppressions?limit=100')),
  delete_suppression: ofAllInboxes(names(({ suppression }) => ({ path: `/v1/suppressions/${suppression['id']}` }))),
  create_domain: makes(() => ({ path: '/v1/domains', body: { name: `${unique('probe')}.example` } })),
  list_domains: ofAllInboxes(lists('/v1/domains?limit=100')),
  get_domain: ofAllInboxes(names(({ domain }) => ({ path: `/v1/domains/${domain['id']}` }))),
  verify_domain: ofAllInboxes(names(({ domain }) => ({ path: `/v1/domains/${domain['id']}/verify` }))),
  get_domain_zone_file: ofAllInboxes(names(({ domain }) => ({ path: `/v1/domains/${domain['id']}/zone_file` }))),
  delete_domain: ofAllInboxes(names(({ domain }) => ({ path: `/v1/domains/${domain['id']}` }))),
  // Without inbox_ids, the webhook of a bound key tells of that key's own inboxes.
  create_webhook: { ...makes(() => ({ path: '/v1/webhooks', body: { url: 'http://127.0.0.1:9/' } })), bound: 'own' },
  list_webhooks: lists('/v1/webhooks?limit=100'),
  get_webhook: names(({ webhook }) => ({ path: `/v1/webhooks/${webhook['id']}` })),
  update_webhook: names(({ webhook }) => ({ path: `/v1/webhooks/${webhook['id']}`, body: { description: 'Probed' } })),
  rotate_webhook_secret: names(({ webhook }) => ({ path: `/v1/webhooks/${webhook['id']}/rotate_secret` })),
  test_webhook: names(({ webhook }) => ({ path: `/v1/webhooks/${webhook['id']}/test` })),
  replay_webhook: names(({ webhook }) => ({
    path: `/v1/webhooks/${webhook['id']}/replay`,
    body: { after_sequence: 0 },
  })),
  list_webhook_deliveries: names(({ webhook }) => ({ path: `/v1/webhooks/${webhook['id']}/deliveries` })),
  redeliver_webhook: names(({ delivery }) => ({ path: `/v1/webhook_deliveries/${delivery['id']}/redeliver` })),
  delete_webhook: names(({ webhook }) => ({ path: `/v1/webhooks/${webhook['id']}` })),
  list_events: lists('/v1/events?limit=1000'),
  stream_events: lists('/v1/events/stream'),
  create_api_key: makes(() => ({
    path: '/v1/api_keys',
    body: { name: unique('probe'), mode: 'test', scopes: ['inboxes:read'] },
  })),
  list_api_keys: lists('/v1/api_keys?limit=100'),
  get_api_key: names(({ apiKey }) => ({ path: `/v1/api_keys/${apiKey['id']}` })),
  revoke_api_key: names(({ apiKey }) => ({ path: `/v1/api_keys/${apiKey['id']}` })),
  get_metrics: own('/v1/metrics?metric=sent,received'),
  get_credits: own('/v1/credits'),
  list_credit_entries: ofAllInboxes(lists('/v1/credits/ledger?limit=100')),
  list_audit_log: lists('/v1/audit_log?limit=100'),
  export_audit_log: ofAllInboxes(lists('/v1/audit_log/export')),
  create_organization: forRoot(() => ({ path: '/v1/organizations', body: { name: unique('Probe') } })),
  list_organizations: forRoot(() => ({ path: '/v1/organizations' })),
  get_organization: forRoot(({ organization }) => ({ path: `/v1/organizations/${organization['id']}` })),
  get_organization_reputation: forRoot(({ organization }) => ({
    path: `/v1/organizations/${organization['id']}/reputation`,
  })),
  resume_organization: forRoot(({ organization }) => ({ path: `/v1/organizations/${organization['id']}/resume` })),
  update_organization: forRoot(({ organization }) => ({
    path: `/v1/organizations/${organization['id']}`,
    body: { name: 'Probed' },
  })),
  // The last rows: nothing works on these afterwards.
  delete_message: names(({ message }) => ({ path: `/v1/messages/${message['id']}` })),
  delete_thread: names(({ doomedMessage }) => ({ path: `/v1/threads/${doomedMessage['thread_id']}` })),
  delete_inbox: names(({ doomedMessage }) => ({ path: `/v1/inboxes/${doomedMessage['inbox_id']}` })),
};

/** @throws Error that says what to do for a route that nobody wrote a probe for. */
export function probeOf(operationId: string): Probe {
  const probe = PROBES[operationId];
  if (probe !== undefined) return probe;
  throw new Error(
    `The route ${operationId} is not covered: add a right request for it, and who may not make it, to PROBES.`,
  );
}
