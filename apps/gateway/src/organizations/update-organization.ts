import { Injectable } from '@nestjs/common';
import type { CommandContext, InDoubtRule, Organization, UpdateOrganizationBody } from '@postern/contracts';
import { Database, notFound } from '@postern/platform';
import { organizationUpdated } from '../audit/notes-of-actions.js';
import { AuditPendingStore } from '../store/audit-pending.store.js';
import { type Limits, type OrganizationChange, OrganizationsStore } from '../store/organizations.store.js';

const UNLIMITED: Limits = { requests_per_minute: null, credits_per_month: null, sends_per_day: null };
/** As an organization begins. */
const IN_DOUBT: InDoubtRule = 'resend';

/** Changes an organization, and notes it in the same transaction. */
@Injectable()
export class UpdateOrganization {
  constructor(
    private readonly database: Database,
    private readonly organizations: OrganizationsStore,
    private readonly audit: AuditPendingStore,
  ) {}

  /** @throws AppError `not_found`. */
  run(context: CommandContext, id: string, body: UpdateOrganizationBody): Promise<Organization> {
    const change = changeOf(body);
    return this.database.transaction(async (tx) => {
      const organization = await this.organizations.update(tx, id, change);
      if (organization === undefined) throw notFound('organization');
      await this.audit.add(tx, [organizationUpdated(context, organization, change)]);
      return organization;
    });
  }
}

/** Null clears: all limits, or the organization's own rule. */
const changeOf = ({ name, limits, in_doubt }: UpdateOrganizationBody): OrganizationChange => ({
  ...(name !== undefined && { name }),
  ...(limits !== undefined && { limits: limits ?? UNLIMITED }),
  ...(in_doubt !== undefined && { in_doubt: in_doubt ?? IN_DOUBT }),
});
