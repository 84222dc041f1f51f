import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { AgentMail } from 'agentmail';
import { Webhook } from 'standardwebhooks';
import { type ConformanceRow, differs, notOffered, works } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { WebhookReceiver } from '../../harness/webhook-receiver.js';
import { ABSENT, INVALID, refused } from './row.js';
import { type Setting, TO } from './setting.js';

const eventTypes: AgentMail.EventType[] = ['message.received', 'message.sent'];

export const webhookRows = (at: () => Setting): ConformanceRow[] => {
  const webhooks = () => at().am.webhooks;
  const ofInbox = () => at().am.inboxes.webhooks;
  const inboxId = () => at().inbox.inboxId;
  const url = () => `https://example.com/${unique('hook')}`;
  const create = (body: Partial<AgentMail.webhooks.CreateWebhookRequest> = {}) =>
    webhooks().create({ url: url(), eventTypes, ...body });
  return [
    works('webhooks.create', '`url`, `event_types`, `inbox_ids`, `headers`; gives the secret', async () => {
      const made = await create({ inboxIds: [inboxId()], headers: { 'X-Token': 'a' } });
      expect(made).toMatchObject({
        webhookId: expect.any(String),
        eventTypes,
        inboxIds: [inboxId()],
        secret: expect.stringMatching(/^whsec_/),
        enabled: true,
        createdAt: expect.any(Date),
      });
    }),
    works('webhooks.create', '`client_id`: the same request again gives the same webhook', async () => {
      const body = { url: url(), eventTypes, clientId: unique('client') };
      expect((await webhooks().create(body)).webhookId).toBe((await webhooks().create(body)).webhookId);
    }),
    differs('Webhook', '`client_id`, and the `secret` at every call', 'No; the secret is told once.', async () => {
      const { webhookId } = await create({ clientId: unique('client') });
      const { clientId, secret } = await webhooks().get(webhookId);
      expect([clientId, secret]).toEqual([undefined, '']);
    }),
    works('webhooks.create', 'a `url` that is none: ValidationError', async () => {
      await refused(create({ url: 'nowhere' }), INVALID, AgentMail.ValidationError);
    }),
    works('webhooks.create', 'without event types: ValidationError', async () => {
      await refused(create({ eventTypes: [] }), INVALID, AgentMail.ValidationError);
    }),
    notOffered(
      'webhooks.create',
      '`message.received.spam`, `message.received.unauthenticated`, `message.opened`; `pod_ids`',
      'What is withheld comes as `message.received.blocked`; there are no pods, and no pixels.',
      async () => {
        await refused(create({ eventTypes: ['message.received.spam'] }), INVALID);
        await refused(create({ eventTypes: ['message.received.unauthenticated'] }), INVALID);
        await refused(create({ eventTypes: ['message.opened'] }), INVALID);
        await refused(create({ podIds: ['x'] }), INVALID);
      },
    ),
    works('a webhook', 'is told in AgentMail’s words, with the address as `inbox_id`, signed as by Svix', async () => {
      const hook = await WebhookReceiver.start();
      try {
        const { secret } = await create({ url: hook.url, eventTypes: ['message.sent'] });
        const sent = await at().am.inboxes.messages.send(inboxId(), { to: TO, text: 'Told' });
        const call = await waitFor(
          async () => hook.received.find(({ event }) => event['send']?.['message_id'] === sent.messageId),
          'the call',
        );
        expect(call.event).toMatchObject({
          type: 'event',
          event_type: 'message.sent',
          event_id: call.headers['svix-id'],
          send: { inbox_id: inboxId(), thread_id: sent.threadId, recipients: [TO] },
        });
        const headers = ['id', 'timestamp', 'signature'].map((name) => [
          `webhook-${name}`,
          call.headers[`svix-${name}`],
        ]);
        expect(() => new Webhook(secret).verify(call.raw, Object.fromEntries(headers))).not.toThrow();
      } finally {
        await hook.stop();
      }
    }),
    works('webhooks.list', 'newest first, with `limit` and `page_token`', async () => {
      const made = [await create(), await create()];
      const first = await webhooks().list({ limit: 1 });
      const next = await webhooks().list({ limit: 1, pageToken: first.nextPageToken ?? '' });
      const ids = [...first.webhooks, ...next.webhooks].map(({ webhookId }) => webhookId);
      expect(ids).toEqual(made.map(({ webhookId }) => webhookId).toReversed());
    }),
    notOffered('webhooks.list', '`ascending`', 'Lists come newest first.', async () => {
      await refused(webhooks().list({ ascending: true }), INVALID);
    }),
    works('webhooks.update', '`event_types` replaces all; an empty list leaves them', async () => {
      const { webhookId } = await create();
      const changed = await webhooks().update(webhookId, { eventTypes: ['message.bounced'] });
      expect(changed.eventTypes).toEqual(['message.bounced']);
      expect((await webhooks().update(webhookId, { eventTypes: [] })).eventTypes).toEqual(['message.bounced']);
    }),
    works('webhooks.update', '`add_inbox_ids` and `remove_inbox_ids`', async () => {
      const other = await at().am.inboxes.create();
      const { webhookId } = await create({ inboxIds: [inboxId()] });
      const body = { addInboxIds: [other.inboxId], removeInboxIds: [inboxId()] };
      expect((await webhooks().update(webhookId, body)).inboxIds).toEqual([other.inboxId]);
    }),
    works('webhooks.update', 'an inbox that was deleted, by the id that is left of it', async () => {
      const gone = await at().am.inboxes.create();
      const { webhookId } = await create({ inboxIds: [inboxId(), gone.inboxId] });
      await at().am.inboxes.delete(gone.inboxId);
      const { inboxIds = [] } = await webhooks().get(webhookId);
      const left = inboxIds.filter((id) => id !== inboxId());
      expect((await webhooks().update(webhookId, { removeInboxIds: left })).inboxIds).toEqual([inboxId()]);
    }),
    differs(
      'webhooks.update',
      '`remove_inbox_ids` of the last inbox',
      'ValidationError, because it would hear of every inbox.',
      async () => {
        const { webhookId } = await create({ inboxIds: [inboxId()] });
        const asked = webhooks().update(webhookId, { removeInboxIds: [inboxId()] });
        await refused(asked, INVALID, AgentMail.ValidationError);
      },
    ),
    works('webhooks.getHeaders, updateHeaders', 'names only; set, replaced and removed in any case', async () => {
      const { webhookId } = await create({ headers: { 'X-A': '1', 'X-B': '2' } });
      await webhooks().updateHeaders(webhookId, { headers: { 'x-b': '3', 'X-C': '4' }, removeHeaders: ['x-a'] });
      expect((await webhooks().getHeaders(webhookId)).headerNames.toSorted()).toEqual(['X-C', 'x-b']);
      const both = webhooks().updateHeaders(webhookId, { headers: { 'X-C': '5' }, removeHeaders: ['x-c'] });
      await refused(both, INVALID, AgentMail.ValidationError);
    }),
    works('webhooks.delete', 'the webhook is gone', async () => {
      const { webhookId } = await create();
      await webhooks().delete(webhookId);
      await refused(webhooks().get(webhookId), ABSENT, AgentMail.NotFoundError);
    }),
    works('inboxes.webhooks', 'create, list, get, update, headers and delete for one inbox', async () => {
      const { inboxId: own } = await at().am.inboxes.create();
      const { webhookId } = await ofInbox().create(own, { url: url(), eventTypes });
      expect((await ofInbox().list(own)).webhooks).toMatchObject([{ webhookId, inboxIds: [own] }]);
      await ofInbox().update(own, webhookId, { eventTypes: ['message.sent'] });
      await ofInbox().updateHeaders(own, webhookId, { headers: { 'X-A': '1' } });
      expect((await ofInbox().getHeaders(own, webhookId)).headerNames).toEqual(['X-A']);
      expect((await ofInbox().get(own, webhookId)).eventTypes).toEqual(['message.sent']);
      await refused(ofInbox().get(inboxId(), webhookId), ABSENT, AgentMail.NotFoundError);
      await ofInbox().delete(own, webhookId);
      expect((await ofInbox().list(own)).count).toBe(0);
    }),
    works('webhooks.get', 'of another organization: NotFoundError', async () => {
      const { webhookId } = await create();
      await refused(at().stranger.webhooks.get(webhookId), ABSENT, AgentMail.NotFoundError);
    }),
  ];
};
