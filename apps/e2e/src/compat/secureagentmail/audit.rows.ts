import { expect } from '@jest/globals';
import { waitFor } from '@postern/testing';
import type { Json } from '../../harness/client.js';
import type { ConformanceRow } from '../../harness/conformance.js';
import { expectRefused, listIn } from './replies.js';
import { address, inboxOf, type World } from './world.js';

export const auditRows = (world: () => World): ConformanceRow[] => {
  const log = async (query: string): Promise<Json[]> =>
    listIn((await world().agent.get(`/audit_log?limit=100&${query}`)).body, 'entries');
  /** The audit log tells what happened a moment later. */
  const newest = (query: string): Promise<Json> => waitFor(async () => (await log(query))[0], `an entry of ${query}`);
  return [
    {
      call: 'GET /audit_log?inbox_id=&event_type=&severity=&since=&limit=&cursor=',
      what: '`{entries[] {id, inbox_id, event_type, severity, description, metadata, created_at}, has_more, next_cursor}`',
      verdict: 'works',
      check: async () => {
        const { agent, open } = world();
        const made = await newest(`inbox_id=${open['id']}&event_type=inbox.created&severity=low`);
        expect(made).toEqual({
          id: expect.stringMatching(/^aud_/),
          inbox_id: open['id'],
          event_type: 'inbox.created',
          severity: 'low',
          description: expect.stringMatching(/^inbox created, by key_/),
          metadata: expect.objectContaining({ security_level: 'guarded_send' }),
          created_at: expect.any(String),
        });
        const after = new Date(Date.parse(String(made['created_at'])) + 1).toISOString();
        expect((await log(`since=${after}`)).map(({ id }) => id)).not.toContain(made['id']);
        const first = (await agent.get('/audit_log?limit=1')).body;
        const next = (await agent.get(`/audit_log?limit=1&cursor=${first['next_cursor']}`)).body;
        expect(listIn(next, 'entries')[0]?.['id']).not.toBe(listIn(first, 'entries')[0]?.['id']);
      },
    },
    {
      call: 'GET /audit-logs',
      what: 'the same: its documents have both paths',
      verdict: 'works',
      check: async () => {
        const reply = await world().agent.get('/audit-logs?limit=1');
        expect(reply).toMatchObject({ status: 200, body: { entries: expect.any(Array), has_more: true } });
      },
    },
    {
      call: 'GET /audit_log?event_type=key_created',
      what: 'keys that were made',
      verdict: 'works',
      check: async () => {
        await newest('event_type=key_created');
        expect(
          (await log('event_type=key_created')).every(({ event_type }) => String(event_type) === 'key_created'),
        ).toBe(true);
      },
    },
    {
      call: 'GET /audit_log?event_type=pii',
      what: 'personal data',
      verdict: 'differs',
      because: 'tells messages whose personal data a policy took out before they were sent',
      check: async () => {
        const { agent } = world();
        const inbox = await inboxOf(agent);
        const rule = { type: 'pii_redaction', config: { redact_emails: true }, inbox_id: inbox['id'] };
        await agent.post('/policies', { name: 'Redact', ...rule });
        const body = { to: address('pii'), subject: 'x', body: 'Write to ann.private@example.org, please.' };
        const sent = await agent.post(`/inboxes/${inbox['slug']}/messages`, body);
        const told = await newest(`event_type=pii&inbox_id=${inbox['id']}`);
        expect(told).toMatchObject({ event_type: 'pii', metadata: { message_id: sent.body['id'] } });
      },
    },
    {
      call: 'GET /audit_log?event_type=inject, exfil, policy, msg_recv, msg_sent',
      what: 'findings, and each message',
      verdict: 'not offered',
      because:
        'messages carry their own `security_analysis`; the audit log tells who changed and decided what: 422 `validation_error`',
      check: async () => {
        const types = ['inject', 'exfil', 'policy', 'msg_recv', 'msg_sent'];
        const replies = await Promise.all(types.map((type) => world().agent.get(`/audit_log?event_type=${type}`)));
        expectRefused(replies, 422, 'validation_error');
        expect(String(replies[0]?.body['error']?.['message'])).toContain('security_analysis');
      },
    },
    {
      call: 'GET /audit_log … other event types',
      what: 'seven types',
      verdict: 'differs',
      because: 'what else is recorded keeps the type of `/v1/audit_log`, and can be asked for by it',
      check: async () => {
        const { mailbox } = world();
        const told = await newest(`event_type=webhook.created`);
        expect(told).toMatchObject({ event_type: 'webhook.created', metadata: expect.any(Object) });
        expect(await newest(`event_type=inbox.created&inbox_id=${mailbox['id']}`)).toBeDefined();
      },
    },
    {
      call: 'GET /audit_log?severity=high|medium|low',
      what: 'only those',
      verdict: 'works',
      check: async () => {
        const lists = await Promise.all(['high', 'medium', 'low'].map((severity) => log(`severity=${severity}`)));
        const seen = lists.map((list) => [...new Set(list.map(({ severity }) => String(severity)))]);
        for (const [index, severity] of ['high', 'medium', 'low'].entries())
          expect([[], [severity]]).toContainEqual(seen[index]);
        expect(seen[2]).toEqual(['low']);
      },
    },
  ];
};
