import { z } from 'zod';
import { defineCommand } from '../command.js';
import { Approval, ApproveBody, ListApprovalsQuery, RejectBody } from '../http/approval.js';
import { pageOf } from '../http/page.js';

const id = z.string();

export const ListApprovals = defineCommand('scan.list_approvals', ListApprovalsQuery, pageOf(Approval));
export const GetApproval = defineCommand('scan.get_approval', z.object({ id }), Approval);
export const ApproveMessage = defineCommand('scan.approve_message', z.object({ id, body: ApproveBody }), Approval);
export const RejectMessage = defineCommand('scan.reject_message', z.object({ id, body: RejectBody }), Approval);
