import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { PolicyAction, PolicyType } from '../../http/policy.js';
import { InboxId, KeyId, PolicyId } from '../../ids.js';

export const PolicyChangedV1 = defineEvent(
  'scan.policy.changed.v1',
  'scan',
  'A tenant made, changed or removed a policy. Without what it looks for, which may be a secret.',
  z.object({
    change: z.enum(['created', 'updated', 'deleted']),
    policyId: PolicyId,
    /** Null: every inbox. */
    inboxId: InboxId.nullable(),
    type: PolicyType,
    action: PolicyAction,
    priority: z.int(),
    enabled: z.boolean(),
    version: z.int().min(1),
    /** Null for the root key, and when the policy went with its inbox. */
    actor: KeyId.nullable(),
  }),
);
