import { expect } from '@jest/globals';
import { AgentMail } from 'agentmail';
import { type ConformanceRow, differs, notOffered, works } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { ABSENT, INVALID, refused } from './row.js';
import type { Setting } from './setting.js';

/** Keys, lists, domains and metrics. */
export const accountRows = (at: () => Setting): ConformanceRow[] => {
  const inboxId = () => at().inbox.inboxId;
  const keys = () => at().am.apiKeys;
  const make = async (body: AgentMail.CreateBearerApiKeyRequest = {}) =>
    (await keys().create(body)) as AgentMail.CreateApiKeyResponse;
  return [
    works('apiKeys.create', 'without `permissions`: a key that may do what its maker may', async () => {
      const made = await make({ name: 'Worker' });
      expect(made).toMatchObject({ name: 'Worker', prefix: expect.any(String), createdAt: expect.any(Date) });
      expect(made.apiKey.startsWith(made.prefix)).toBe(true);
      expect((await at().with(made.apiKey).inboxes.get(inboxId())).inboxId).toBe(inboxId());
    }),
    works('apiKeys.create', '`permissions`: only what is true is granted', async () => {
      const { apiKey, permissions } = await make({ permissions: { inboxRead: true, webhookRead: false } });
      expect(permissions).toMatchObject({ inboxRead: true, messageRead: false });
      const reader = at().with(apiKey);
      await reader.inboxes.get(inboxId());
      await refused(reader.inboxes.delete(inboxId()), [403, 'missing_permission']);
    }),
    differs(
      'apiKeys.create',
      '`permissions` one by one',
      'Some come together only, as `message_read` and `draft_read`: a part of them is refused, never widened.',
      async () => {
        const error = await refused(make({ permissions: { messageRead: true } }), INVALID, AgentMail.ValidationError);
        expect(JSON.stringify(error.body)).toContain('draft_read');
      },
    ),
    works('apiKeys.create', 'more than the own key may: 403', async () => {
      const { apiKey } = await make({ permissions: { apiKeyCreate: true, apiKeyUpdate: true, apiKeyDelete: true } });
      await refused(
        at()
          .with(apiKey)
          .apiKeys.create({ permissions: { inboxRead: true } }),
        [403, 'forbidden'],
      );
    }),
    notOffered('apiKeys.create', '`public_key`', 'Keys are secrets; there are no public ones.', async () => {
      const { status, body } = await at().wire.post('/api-keys', { public_key: { kty: 'EC', crv: 'P-256' } });
      expect([status, body['code']]).toEqual([...INVALID]);
    }),
    works('apiKeys.list, get', 'with `type`, `prefix`, `permissions`, never the secret', async () => {
      const made = await make();
      const shown = { type: 'bearer', apiKeyId: made.apiKeyId, prefix: made.prefix };
      expect((await keys().list({ limit: 1 })).apiKeys).toMatchObject([shown]);
      expect(await keys().get(made.apiKeyId)).toMatchObject(shown);
      expect(await keys().get(made.apiKeyId)).not.toHaveProperty('apiKey');
    }),
    notOffered(
      'apiKeys.list',
      '`ascending`, and `type` of public keys',
      'Newest first; keys are secrets.',
      async () => {
        await refused(keys().list({ ascending: true }), INVALID);
        await refused(keys().list({ type: 'public_key' }), INVALID);
      },
    ),
    notOffered('apiKeys.update', 'a name or permissions', 'A key never changes: make another one.', async () => {
      await refused(keys().update((await make()).apiKeyId, { name: 'New' }), ABSENT, AgentMail.NotFoundError);
    }),
    works('apiKeys.delete', 'the key opens nothing more', async () => {
      const { apiKey, apiKeyId } = await make();
      await keys().delete(apiKeyId);
      await refused(keys().delete(apiKeyId), ABSENT, AgentMail.NotFoundError);
      await refused(at().with(apiKey).inboxes.list(), [401, 'unauthorized']);
    }),
    works('inboxes.apiKeys', 'create, list and delete for one inbox, which alone they see', async () => {
      const { inboxId: own } = await at().am.inboxes.create();
      const made = (await at().am.inboxes.apiKeys.create(own, {})) as AgentMail.CreateApiKeyResponse;
      expect(made.inboxId).toBe(own);
      expect((await at().am.inboxes.apiKeys.list(own)).apiKeys).toMatchObject([{ apiKeyId: made.apiKeyId }]);
      await refused(at().with(made.apiKey).inboxes.get(inboxId()), ABSENT, AgentMail.NotFoundError);
      expect(await at().with(made.apiKey).auth.me()).toMatchObject({ scopeType: 'inbox', scopeId: own });
      await at().am.inboxes.apiKeys.delete(own, made.apiKeyId);
      expect((await at().am.inboxes.apiKeys.list(own)).count).toBe(0);
    }),
    works('auth.me', 'scope and organization of the key', async () => {
      const me = await at().am.auth.me();
      expect(me).toMatchObject({ scopeType: 'organization', organizationId: me.scopeId });
    }),
    works('lists', 'create, list, get and delete of addresses and domains, for all inboxes', async () => {
      const entry = `${unique('e')}@example.com`;
      const made = await at().am.lists.create('receive', 'block', { entry, reason: 'Noise' });
      expect(made).toMatchObject({
        entry,
        reason: 'Noise',
        direction: 'receive',
        listType: 'block',
        entryType: 'email',
      });
      expect(await at().am.lists.get('receive', 'block', entry)).toEqual(made);
      const { entries } = await at().am.lists.list('receive', 'block');
      expect(entries.map((one) => one.entry)).toContain(entry);
      await at().am.lists.delete('receive', 'block', entry);
      await refused(at().am.lists.get('receive', 'block', entry), ABSENT, AgentMail.NotFoundError);
    }),
    works('inboxes.lists', 'the same for one inbox, apart from the others', async () => {
      const entry = `${unique('e')}.example`;
      const made = await at().am.inboxes.lists.create(inboxId(), 'reply', 'block', { entry });
      expect(made).toMatchObject({ entry, entryType: 'domain', inboxId: inboxId() });
      expect((await at().am.inboxes.lists.list(inboxId(), 'reply', 'block')).entries).toEqual([made]);
      await refused(at().am.lists.get('reply', 'block', entry), ABSENT, AgentMail.NotFoundError);
      expect(await at().am.inboxes.lists.get(inboxId(), 'reply', 'block', entry)).toEqual(made);
      await at().am.inboxes.lists.delete(inboxId(), 'reply', 'block', entry);
      expect((await at().am.inboxes.lists.list(inboxId(), 'reply', 'block')).count).toBe(0);
    }),
    differs('lists.list', 'ordered by entry', 'Newest first.', async () => {
      const [a, b] = [`a-${unique('e')}.example`, `b-${unique('e')}.example`];
      for (const entry of [a, b]) await at().am.lists.create('reply', 'block', { entry });
      const { entries } = await at().am.lists.list('reply', 'block', { limit: 2 });
      expect(entries.map(({ entry }) => entry)).toEqual([b, a]);
    }),
    works('lists.create', 'what is no address and no domain: ValidationError', async () => {
      await refused(at().am.lists.create('send', 'block', { entry: 'a b' }), INVALID, AgentMail.ValidationError);
    }),
    works('domains.create, get, list', 'with `records`, each with its status, MX with `priority`', async () => {
      const name = `${unique('d')}.example.com`;
      const made = await at().am.domains.create({ domain: name, allowConflictingProvider: true });
      expect(made).toMatchObject({ domain: name, status: 'PENDING', subdomainsEnabled: false });
      const mx = made.records.find(({ type }) => type === 'MX');
      expect(mx).toMatchObject({ priority: expect.any(Number), status: 'MISSING' });
      expect((await at().am.domains.get(made.domainId)).domain).toBe(name);
      expect((await at().am.domains.get(name)).domainId).toBe(made.domainId);
      expect((await at().am.domains.list({ limit: 1 })).domains).toMatchObject([{ domain: name }]);
    }),
    notOffered(
      'domains.create',
      '`feedback_enabled`, `subdomains_enabled`, `tracking_enabled`',
      'Webhooks tell of feedback; each subdomain is added itself; no pixels. False is taken.',
      async () => {
        const domain = `${unique('d')}.example.com`;
        await refused(at().am.domains.create({ domain, feedbackEnabled: true }), INVALID, AgentMail.ValidationError);
        await refused(at().am.domains.create({ domain, subdomainsEnabled: true }), INVALID);
        await refused(at().am.domains.create({ domain, trackingEnabled: true }), INVALID);
      },
    ),
    works('domains.getZoneFile, getSetupLink, verify, delete', 'by id or by name', async () => {
      const name = `${unique('d')}.example.com`;
      const { domainId } = await at().am.domains.create({ domain: name });
      const zone = await (await at().am.domains.getZoneFile(name)).arrayBuffer();
      expect(Buffer.from(zone).toString()).toContain(name);
      expect(await at().am.domains.getSetupLink(domainId)).toEqual({ supported: false });
      await at().am.domains.verify(domainId);
      await at().am.domains.delete(name);
      await refused(at().am.domains.get(domainId), ABSENT, AgentMail.NotFoundError);
    }),
    notOffered('domains.update', 'its switches', 'A domain has none.', async () => {
      await refused(at().am.domains.update('dom_x', { trackingEnabled: false }), ABSENT, AgentMail.NotFoundError);
    }),
    works('metrics.queryEvents', 'counts by `event_types`, `start`, `end`, by hour or day', async () => {
      const day = 86_400;
      const asked = { eventTypes: ['message.received' as const, 'message.sent' as const], period: day };
      const start = new Date(Date.now() - day * 1000);
      const counted = await at().am.metrics.queryEvents({ ...asked, start, end: new Date() });
      expect(Object.keys(counted).toSorted()).toEqual(['message.received', 'message.sent']);
      expect(counted['message.sent']?.[0]).toEqual({ timestamp: expect.any(Date), count: expect.any(Number) });
    }),
    notOffered(
      'metrics.queryEvents',
      'other `period`s, `limit`, `descending`, other events',
      'Hours and days of UTC are counted, oldest first.',
      async () => {
        for (const query of [{ period: 60 }, { limit: 1 }, { descending: true }])
          await refused(at().am.metrics.queryEvents(query), INVALID, AgentMail.ValidationError);
        const spam = at().am.metrics.queryEvents({ eventTypes: ['message.received.spam'] });
        await refused(spam, INVALID, AgentMail.ValidationError);
      },
    ),
    notOffered('metrics.queryUsage, inboxes.metrics', 'usage, and counts of one inbox', 'Not counted so.', async () => {
      for (const path of ['/metrics/usage', `/inboxes/${inboxId()}/metrics/events`]) {
        const { status, body } = await at().wire.get(path);
        expect([status, body['code']]).toEqual([...ABSENT]);
      }
    }),
  ];
};
