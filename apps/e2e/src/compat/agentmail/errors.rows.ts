import { expect } from '@jest/globals';
import { AgentMail } from 'agentmail';
import type { ConformanceRow } from '../../harness/conformance.js';
import { ABSENT, lacks, refused, works } from './row.js';
import type { Setting } from './setting.js';

export const errorRows = (at: () => Setting): ConformanceRow[] => [
  works('errors', 'have `name`, `code`, `message`, `fix` and `docs`', async () => {
    const error = await refused(at().am.inboxes.get('nobody@example.com'), ABSENT, AgentMail.NotFoundError);
    expect(error.body).toEqual({
      name: 'NotFoundError',
      code: 'not_found',
      message: expect.any(String),
      fix: expect.any(String),
      docs: 'https://docs.agentmail.to/errors#not_found',
    });
  }),
  works('errors', 'a wrong request: 400 with `errors[]`, an unknown field too', async () => {
    const { status, body } = await at().wire.post('/inboxes', { username: 3, colour: 'red' });
    expect([status, body['name'], body['code']]).toEqual([400, 'ValidationError', 'validation_error']);
    expect([...(body['errors'] ?? [])].map(({ path }) => String(path))).toContain('username');
  }),
  works('errors', 'an unknown key: 401', async () => {
    await refused(at().with('pn_live_unknown').inboxes.list(), [401, 'unauthorized']);
  }),
  works('errors', 'a body that is no JSON: 400', async () => {
    const { status, body } = await at().wire.post('/inboxes', '{');
    expect([status, body['code']]).toEqual([400, 'validation_error']);
  }),
  works('replies', 'tell rate limits and credits in their headers', async () => {
    const { headers } = await at().wire.get('/inboxes?limit=1');
    expect([headers.get('ratelimit-limit'), headers.get('x-credits-remaining')]).not.toContain(null);
  }),
  lacks('pods.*', 'tenants below the organization', 'Make an organization for each tenant.', async () => {
    await refused(at().am.pods.list(), ABSENT);
    await refused(at().am.pods.create({}), ABSENT);
    await refused(at().am.pods.inboxes.list('x'), ABSENT);
  }),
  lacks('organizations.get', 'counts and limits of the plan', '`GET /v1/credits` tells what may be used.', async () => {
    await refused(at().am.organizations.get(), ABSENT);
  }),
  lacks('agent.signUp', 'sign-up by an agent', 'Operators make organizations with the root key.', async () => {
    const { status, body } = await at().wire.post('/agent/sign-up', { human_email: 'ann@example.com' });
    expect([status, body['code']]).toEqual([...ABSENT]);
  }),
  lacks('accounts, providers', 'sign-in at other services', 'Postern is a mail gate only.', async () => {
    await refused(at().am.accounts.list(), ABSENT);
    await refused(at().am.providers.list(), ABSENT);
  }),
  lacks('websockets', 'events as they happen', '`GET /v1/events/stream` does, and resumes without loss.', async () => {
    const { status, body } = await at().wire.get('/');
    expect([status, body['code']]).toEqual([...ABSENT]);
  }),
];
