import { z } from 'zod';
import { KeyId, OrganizationId } from '../ids.js';
import { PageQuery } from './page.js';
import { Timestamp } from './timestamp.js';

const limit = z.int().min(0).nullable();
const limits = { requests_per_minute: limit, credits_per_month: limit, sends_per_day: limit };

/** What is done with a message whose hand-over to SES stays unknown after the window. */
export const InDoubtRule = z.enum(['resend', 'fail']);
export type InDoubtRule = z.infer<typeof InDoubtRule>;

export const Organization = z.object({
  id: OrganizationId,
  name: z.string(),
  limits: z.object(limits),
  in_doubt: InDoubtRule,
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Organization = z.infer<typeof Organization>;

const name = z.string().min(1).max(200);
const limitsInput = z.strictObject(limits).partial();

export const CreateOrganizationBody = z.strictObject({ name, limits: limitsInput.nullish() });
export type CreateOrganizationBody = z.infer<typeof CreateOrganizationBody>;

export const UpdateOrganizationBody = z.strictObject({
  name: name.optional(),
  limits: limitsInput.nullish(),
  in_doubt: InDoubtRule.nullish(),
});
export type UpdateOrganizationBody = z.infer<typeof UpdateOrganizationBody>;

export const CreatedOrganization = z.object({
  organization: Organization,
  api_key: z.object({ id: KeyId, secret: z.string().nullable(), scopes: z.array(z.string()) }),
});

export const ListOrganizationsQuery = z.strictObject(PageQuery);
export type ListOrganizationsQuery = z.infer<typeof ListOrganizationsQuery>;
