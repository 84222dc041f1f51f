import { z } from 'zod';
import { PolicyId } from '../../ids.js';
import { pageOf } from '../page.js';
import {
  BacktestPolicyBody,
  CreatePolicyBody,
  ListPoliciesQuery,
  Policy,
  PolicyBacktest,
  UpdatePolicyBody,
} from '../policy.js';
import { defineRoute } from './route.js';

const tag = 'Policies';
const one = { params: z.strictObject({ id: PolicyId }), subject: 'policy' } as const;

export const CreatePolicyRoute = defineRoute({
  id: 'create_policy',
  method: 'POST',
  path: '/v1/policies',
  tag,
  scope: 'policies:write',
  summary: 'Create a policy for what is sent',
  description:
    'Every policy of the inbox and of the organization is asked about every message that is sent; the strongest action wins. In force for every request that begins after the reply.',
  body: CreatePolicyBody,
  status: 201,
  response: Policy,
  example: { type: 'domain_allowlist', config: { domains: ['example.com', '*.example.com'] }, action: 'hold' },
});

export const ListPoliciesRoute = defineRoute({
  id: 'list_policies',
  method: 'GET',
  path: '/v1/policies',
  tag,
  scope: 'policies:read',
  summary: 'List policies, newest first',
  query: ListPoliciesQuery,
  status: 200,
  response: pageOf(Policy),
});

export const GetPolicyRoute = defineRoute({
  id: 'get_policy',
  method: 'GET',
  path: '/v1/policies/{id}',
  tag,
  scope: 'policies:read',
  summary: 'Get a policy',
  ...one,
  status: 200,
  response: Policy,
});

export const UpdatePolicyRoute = defineRoute({
  id: 'update_policy',
  method: 'PATCH',
  path: '/v1/policies/{id}',
  tag,
  scope: 'policies:write',
  summary: 'Change, disable or enable a policy',
  description: '`config` is replaced as a whole. The type stays.',
  ...one,
  body: UpdatePolicyBody,
  status: 200,
  response: Policy,
  example: { enabled: false },
});

export const DeletePolicyRoute = defineRoute({
  id: 'delete_policy',
  method: 'DELETE',
  path: '/v1/policies/{id}',
  tag,
  scope: 'policies:write',
  summary: 'Delete a policy',
  ...one,
  status: 204,
});

export const BacktestPolicyRoute = defineRoute({
  id: 'backtest_policy',
  method: 'POST',
  path: '/v1/policies/backtest',
  tag,
  scope: 'policies:write',
  summary: 'See what a policy would have done',
  description:
    'Runs a policy over messages that were sent since then and still exist. Changes nothing. Idempotency keys are ignored.',
  body: BacktestPolicyBody,
  status: 200,
  response: PolicyBacktest,
  idempotent: false,
  example: {
    policy: { type: 'keyword_filter', config: { keywords: ['confidential'] }, action: 'block' },
    since: '2026-11-01T00:00:00Z',
  },
});
