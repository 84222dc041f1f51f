import { expect } from '@jest/globals';
import { AgentMail, type AgentMailError } from 'agentmail';
import { type ConformanceRow, differs, notOffered, works } from '../../harness/conformance.js';
import { unique } from '../../harness/postern.js';
import { ABSENT, INVALID, refused } from './row.js';
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
  differs(
    'errors',
    '401 `missing_authorization`, `invalid_token_type`, `unknown_api_key`',
    'One text and the code `unauthorized` for all, so that nobody learns which keys there are.',
    async () => {
      await refused(at().with('pn_live_unknown').inboxes.list(), [401, 'unauthorized']);
      await refused(at().with('am_unknown').inboxes.list(), [401, 'unauthorized']);
    },
  ),
  works('errors', '403 `missing_permission`', async () => {
    const made = await at().am.apiKeys.create({ permissions: { inboxRead: true } });
    const asked = at()
      .with((made as AgentMail.CreateApiKeyResponse).apiKey)
      .webhooks.list();
    await refused(asked, [403, 'missing_permission']);
  }),
  differs(
    'errors',
    '403 `permission_escalation`, `unrestricted_key_required`',
    'A key that would make a wider one: 403 `forbidden`.',
    async () => {
      const permissions = { apiKeyCreate: true, apiKeyUpdate: true, apiKeyDelete: true };
      const made = (await at().am.apiKeys.create({ permissions })) as AgentMail.CreateApiKeyResponse;
      const asked = at()
        .with(made.apiKey)
        .apiKeys.create({ permissions: { metricsRead: true } });
      await refused(asked, [403, 'forbidden']);
    },
  ),
  works('errors', '429 `rate_limit_exceeded` with `Retry-After`', async () => {
    const asked = [1, 2, 3].map(() =>
      at()
        .limited.inboxes.list()
        .then(
          () => null,
          (error: unknown) => error,
        ),
    );
    const errors = (await Promise.all(asked)).filter((error) => error !== null) as AgentMailError[];
    expect(errors.map(({ statusCode, body }) => [statusCode, (body as { code: string }).code])).toContainEqual([
      429,
      'rate_limit_exceeded',
    ]);
    expect(errors.map(({ rawResponse }) => rawResponse?.headers.get('retry-after'))).toContainEqual(expect.any(String));
  }),
  differs(
    'errors',
    '`already_exists`, `cannot_delete`, `domain_not_verified`, `query_range_too_wide`',
    'The nearest other code: `resource_taken`, `race_condition`, `validation_error`.',
    async () => {
      const domain = `${unique('d')}.example.com`;
      await at().am.domains.create({ domain });
      await refused(at().am.domains.create({ domain }), [403, 'resource_taken']);
      await refused(at().am.inboxes.create({ domain }), INVALID, AgentMail.ValidationError);
      const start = new Date(Date.now() - 100 * 86_400_000);
      const asked = at().am.metrics.queryEvents({ start, end: new Date(), period: 3600 });
      await refused(asked, INVALID, AgentMail.ValidationError);
    },
  ),
  works('errors', 'a body that is no JSON: 400', async () => {
    const { status, body } = await at().wire.post('/inboxes', '{');
    expect([status, body['code']]).toEqual([400, 'validation_error']);
  }),
  works('replies', 'tell rate limits and credits in their headers', async () => {
    const { headers } = await at().wire.get('/inboxes?limit=1');
    expect([headers.get('ratelimit-limit'), headers.get('x-credits-remaining')]).not.toContain(null);
  }),
  notOffered('pods.*', 'tenants below the organization', 'Make an organization for each tenant.', async () => {
    await refused(at().am.pods.list(), ABSENT);
    await refused(at().am.pods.create({}), ABSENT);
    await refused(at().am.pods.inboxes.list('x'), ABSENT);
  }),
  notOffered(
    'organizations.get',
    'counts and limits of the plan',
    '`GET /v1/credits` tells what may be used.',
    async () => {
      await refused(at().am.organizations.get(), ABSENT);
    },
  ),
  notOffered('agent.signUp', 'sign-up by an agent', 'Operators make organizations with the root key.', async () => {
    const { status, body } = await at().wire.post('/agent/sign-up', { human_email: 'ann@example.com' });
    expect([status, body['code']]).toEqual([...ABSENT]);
  }),
  notOffered('accounts, providers', 'sign-in at other services', 'Postern is a mail gate only.', async () => {
    await refused(at().am.accounts.list(), ABSENT);
    await refused(at().am.providers.list(), ABSENT);
  }),
  notOffered(
    'websockets',
    'events as they happen',
    '`GET /v1/events/stream` does, and resumes without loss.',
    async () => {
      const { status, body } = await at().wire.get('/');
      expect([status, body['code']]).toEqual([...ABSENT]);
    },
  ),
];
