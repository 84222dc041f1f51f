import { z } from 'zod';
import { defineCommand } from '../command.js';
import { pageOf } from '../http/page.js';
import {
  BacktestPolicyBody,
  CreatePolicyBody,
  ListPoliciesQuery,
  Policy,
  PolicyBacktest,
  UpdatePolicyBody,
} from '../http/policy.js';

const id = z.string();

/** That an inbox exists is for the caller to know; here and below. */
export const CreatePolicy = defineCommand('scan.create_policy', CreatePolicyBody, Policy);
export const ListPolicies = defineCommand('scan.list_policies', ListPoliciesQuery, pageOf(Policy));
export const GetPolicy = defineCommand('scan.get_policy', z.object({ id }), Policy);
export const UpdatePolicy = defineCommand('scan.update_policy', z.object({ id, body: UpdatePolicyBody }), Policy);
export const DeletePolicy = defineCommand('scan.delete_policy', z.object({ id }), z.object({}));
/** Reads and judges many messages again. */
export const BacktestPolicy = defineCommand('scan.backtest_policy', BacktestPolicyBody, PolicyBacktest, {
  heavy: true,
});
