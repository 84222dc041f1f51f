import { z } from 'zod';
import { ApprovalId } from '../../ids.js';
import { Approval, ApproveBody, DecideBody, DecideResult, ListApprovalsQuery, RejectBody } from '../approval.js';
import { pageOf } from '../page.js';
import { defineRoute } from './route.js';

const tag = 'Approvals';
const one = { params: z.strictObject({ id: ApprovalId }), subject: 'approval' } as const;

export const ListApprovalsRoute = defineRoute({
  id: 'list_approvals',
  method: 'GET',
  path: '/v1/approvals',
  tag,
  scope: 'approvals:read',
  summary: 'List approvals, newest first',
  query: ListApprovalsQuery,
  status: 200,
  response: pageOf(Approval),
});

export const GetApprovalRoute = defineRoute({
  id: 'get_approval',
  method: 'GET',
  path: '/v1/approvals/{id}',
  tag,
  scope: 'approvals:read',
  summary: 'Get an approval',
  ...one,
  status: 200,
  response: Approval,
});

export const ApproveRoute = defineRoute({
  id: 'approve_message',
  method: 'POST',
  path: '/v1/approvals/{id}/approve',
  tag,
  scope: 'approvals:write',
  summary: 'Let a held message go',
  description:
    'Names the content hash that was reviewed. Never possible with the key that asked for the message. With `edit` a new version is made and scanned first; the answer waits for it a few seconds, and shows `revising` when it takes longer.',
  ...one,
  body: ApproveBody,
  status: 200,
  response: Approval,
  errors: ['approval_outdated', 'invalid_state', 'payload_too_large', 'recipients_blocked'],
  example: { content_hash: 'a'.repeat(64), note: 'Checked with the customer.' },
});

export const RejectRoute = defineRoute({
  id: 'reject_message',
  method: 'POST',
  path: '/v1/approvals/{id}/reject',
  tag,
  scope: 'approvals:write',
  summary: 'Refuse a held message',
  ...one,
  body: RejectBody,
  status: 200,
  response: Approval,
  errors: ['invalid_state'],
  example: { reason: 'Holds a private key.' },
});

export const DecideRoute = defineRoute({
  id: 'decide_approvals',
  method: 'POST',
  path: '/v1/approvals/decide',
  tag,
  scope: 'approvals:write',
  summary: 'Decide on up to 100 held messages',
  description:
    'Each item is decided or refused by itself, in the order of the request; it names the content hash that was reviewed. The header Idempotency-Key gives a key to each item by its place.',
  checksItems: true,
  body: DecideBody,
  status: 200,
  response: DecideResult,
  example: {
    decisions: [{ id: 'apr_01k9x5e8w2f7h8j9k0m1n2p3q4', content_hash: 'a'.repeat(64), decision: 'approve' }],
  },
});
