import {
  CreatePolicyRoute,
  DeletePolicyRoute,
  GetPolicyRoute,
  ListPoliciesRoute,
  PageQuery,
  type Policy,
  PolicyAction,
  PolicyType,
  UpdatePolicyRoute,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import { pageReply } from './page.js';

const changeable = {
  // Taken because clients always give one, and not kept: /v1 knows a policy by its type. Replies show that.
  name: z.string().optional(),
  inbox_id: z.string().nullish(),
  enabled: z.boolean().optional(),
};
const Config = z.record(z.string(), z.unknown());
const CreateBody = z.strictObject({
  ...changeable,
  type: PolicyType,
  config: Config,
  // What its policies do is told of as blocking only.
  action: PolicyAction.default('block'),
});
const UpdateBody = z.strictObject({ ...changeable, config: Config.optional(), action: PolicyAction.optional() });
const ListQuery = z.strictObject({ ...PageQuery, inbox_id: z.string().optional(), type: PolicyType.optional() });

const shown = (policy: z.input<typeof Policy>): object => ({
  id: policy.id,
  name: policy.type,
  type: policy.type,
  action: policy.action,
  inbox_id: policy.inbox_id,
  enabled: policy.enabled,
  config: policy.config,
  created_at: policy.created_at,
});

export const policyRoutes: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/policies',
    async answer({ body }, v1) {
      const { name: _notKept, ...policy } = CreateBody.parse(body);
      return { status: 201, body: shown(await v1.ask(CreatePolicyRoute, { body: policy })) };
    },
  },
  {
    method: 'GET',
    path: '/policies',
    async answer({ query }, v1) {
      return pageReply('policies', await v1.ask(ListPoliciesRoute, { query: ListQuery.parse(query) }), shown);
    },
  },
  {
    method: 'GET',
    path: '/policies/{id}',
    async answer({ params: { id = '' } }, v1) {
      return { status: 200, body: shown(await v1.ask(GetPolicyRoute, { params: { id } })) };
    },
  },
  {
    method: 'PATCH',
    path: '/policies/{id}',
    async answer({ params: { id = '' }, body }, v1) {
      const { name: _notKept, ...changes } = UpdateBody.parse(body);
      return { status: 200, body: shown(await v1.ask(UpdatePolicyRoute, { params: { id }, body: changes })) };
    },
  },
  {
    method: 'DELETE',
    path: '/policies/{id}',
    async answer({ params: { id = '' } }, v1) {
      await v1.ask(DeletePolicyRoute, { params: { id } });
      return { status: 204 };
    },
  },
];
