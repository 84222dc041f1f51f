import {
  type Approval,
  ApproveRoute,
  GetApprovalRoute,
  ListApprovalsRoute,
  PageQuery,
  RejectRoute,
  writeAddress,
} from '@postern/contracts';
import { z } from 'zod';
import type { FrontRoute } from '../front.js';
import { pageReply } from './page.js';

type ApprovalJson = z.input<typeof Approval>;

const STATUSES = ['pending', 'approved', 'rejected', 'expired'] as const;
const ListQuery = z.strictObject({
  ...PageQuery,
  status: z.enum(STATUSES).optional(),
  inbox_id: z.string().optional(),
});
const NoBody = z.strictObject({});
const RejectBody = z.strictObject({ reason: z.string().optional() });

/** Nothing is cancelled here: what was, through `/v1`, will not be sent either. */
const statusOf = ({ status }: ApprovalJson): (typeof STATUSES)[number] =>
  status === 'cancelled' ? 'rejected' : status;

const shown = (approval: ApprovalJson): object => ({
  id: approval.id,
  inbox_id: approval.inbox_id,
  message_id: approval.message_id,
  status: statusOf(approval),
  message_preview: approval.message_preview && {
    to: approval.message_preview.to.map(writeAddress).join(', '),
    subject: approval.message_preview.subject,
    body_preview: approval.message_preview.text,
  },
  expires_at: approval.expires_at,
  created_at: approval.created_at,
});

/** What a decision is answered with; where two must approve it is `pending` after the first. */
const decided = (approval: ApprovalJson): object => ({
  id: approval.id,
  status: statusOf(approval),
  reviewed_by: approval.decisions.at(-1)?.key_id ?? null,
  message_id: approval.message_id,
  resolved_at: approval.resolved_at,
});

export const approvalRoutes: readonly FrontRoute[] = [
  {
    method: 'GET',
    path: '/approvals',
    async answer({ query }, v1) {
      return pageReply('approvals', await v1.ask(ListApprovalsRoute, { query: ListQuery.parse(query) }), shown);
    },
  },
  {
    method: 'GET',
    path: '/approvals/{id}',
    async answer({ params: { id = '' } }, v1) {
      return { status: 200, body: shown(await v1.ask(GetApprovalRoute, { params: { id } })) };
    },
  },
  {
    method: 'POST',
    path: '/approvals/{id}/approve',
    async answer({ params: { id = '' }, body = {} }, v1) {
      NoBody.parse(body);
      // Its clients cannot name what they read: what waits at this moment is approved.
      const { content_hash } = await v1.ask(GetApprovalRoute, { params: { id } });
      return { status: 200, body: decided(await v1.ask(ApproveRoute, { params: { id }, body: { content_hash } })) };
    },
  },
  {
    method: 'POST',
    path: '/approvals/{id}/reject',
    async answer({ params: { id = '' }, body = {} }, v1) {
      const approval = await v1.ask(RejectRoute, { params: { id }, body: RejectBody.parse(body) });
      return { status: 200, body: { ...decided(approval), reason: approval.decisions.at(-1)?.note ?? null } };
    },
  },
];
