import { describe, expect, it } from '@jest/globals';
import { tenantOf } from './contract/belongings.js';
import type { Reply } from './harness/client.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const { agent } = postern;

const mail = { to: 'success@simulator.amazonses.com', subject: 'Wait', text: 'Wait' };
const SECRET = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEowIBAAKCAQEA'.repeat(20), '-----END RSA PRIVATE KEY-----'].join(
  '\n',
);
const preferring = (prefer: string): { headers: Record<string, string> } => ({ headers: { prefer } });
const appliedBy = ({ headers }: Reply): string | null => headers.get('preference-applied');

describe('a send that prefers to wait', () => {
  it.each([
    ['clean', { text: 'Hi' }, {}],
    ['flagged', { text: SECRET }, {}],
    ['blocked', { text: SECRET }, { on_flagged: 'reject' }],
  ])('is answered with the verdict: %s', async (verdict, body, settings) => {
    const inbox = await postern.inbox(agent, settings);
    const path = `/v1/inboxes/${inbox['id']}/messages`;
    const reply = await agent.post(path, { ...mail, ...body }, preferring('wait=30'));
    expect([reply.status, reply.body['security_status'], appliedBy(reply)]).toEqual([202, verdict, 'wait=30']);
    expect(reply.body['security']).toMatchObject({ risk_score: expect.any(Number) });
  });

  it('waits with the inbox in the body, and with a test key, too', async () => {
    const inbox = await postern.inbox(postern.tester);
    const body = { ...mail, inbox_id: inbox['id'] };
    const reply = await postern.tester.post('/v1/messages', body, preferring('respond-async, Wait="20"'));
    expect([reply.status, reply.body['security_status'], appliedBy(reply)]).toEqual([202, 'clean', 'wait=20']);
  });

  it('waits at most 30 seconds, and says so', async () => {
    const inbox = await postern.inbox();
    const reply = await agent.post(`/v1/inboxes/${inbox['id']}/messages`, mail, preferring('wait=3600'));
    expect([reply.status, reply.body['security_status'], appliedBy(reply)]).toEqual([202, 'clean', 'wait=30']);
  });

  it('gets what is known when time is up', async () => {
    const inbox = await postern.inbox();
    const reply = await agent.post(`/v1/inboxes/${inbox['id']}/messages`, mail, preferring('wait=0'));
    expect([reply.status, appliedBy(reply)]).toEqual([202, 'wait=0']);
    expect(['pending', 'clean']).toContain(String(reply.body['security_status']));
  });

  it('gets the current state when it repeats itself', async () => {
    const inbox = await postern.inbox();
    const path = `/v1/inboxes/${inbox['id']}/messages`;
    const idempotencyKey = unique('wait');
    const first = await agent.post(path, mail, { idempotencyKey });
    const again = await agent.post(path, mail, { idempotencyKey, ...preferring('wait=30') });
    expect([again.status, again.headers.get('idempotent-replay'), again.body['id']]).toEqual([
      202,
      'true',
      first.body['id'],
    ]);
    expect(again.body['security_status']).toBe('clean');
  });

  it('is refused at once when it is refused', async () => {
    const inbox = await postern.inbox();
    const reply = await agent.post(`/v1/inboxes/${inbox['id']}/messages`, { ...mail, to: 'x' }, preferring('wait=30'));
    expect([reply.status, appliedBy(reply)]).toEqual([422, null]);
  });

  it('is heeded for many at once', async () => {
    const inbox = await postern.inbox();
    const sends = Array.from({ length: 40 }, (_, index) =>
      agent.post(`/v1/inboxes/${inbox['id']}/messages`, { ...mail, subject: `No. ${index}` }, preferring('wait=30')),
    );
    const replies = await Promise.all(sends);
    expect(replies.map(({ body }) => String(body['security_status']))).toEqual(replies.map(() => 'clean'));
  });
});

it.each(['wait', 'wait=', 'wait=soon', 'wait=-1', 'respond-async', 'return=minimal;wait=5', ''])(
  'the header Prefer: %s is ignored',
  async (prefer) => {
    const inbox = await postern.inbox();
    const reply = await agent.post(`/v1/inboxes/${inbox['id']}/messages`, mail, preferring(prefer));
    expect([reply.status, appliedBy(reply)]).toEqual([202, null]);
  },
);

it('a route that sends nothing ignores it, too', async () => {
  const { admin } = await tenantOf(postern);
  expect(appliedBy(await admin.get('/v1/inboxes', preferring('wait=5')))).toBeNull();
});
