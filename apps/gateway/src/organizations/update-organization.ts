import { Injectable } from '@nestjs/common';
import type { CommandContext, Organization } from '@postern/contracts';
import { Database, notFound } from '@postern/platform';
import { organizationUpdated } from '../audit/notes-of-actions.js';
import { AuditPendingStore } from '../store/audit-pending.store.js';
import { type OrganizationChange, OrganizationsStore } from '../store/organizations.store.js';

/** Changes an organization, and notes it in the same transaction. */
@Injectable()
export class UpdateOrganization {
  constructor(
    private readonly database: Database,
    private readonly organizations: OrganizationsStore,
    private readonly audit: AuditPendingStore,
  ) {}

  /** @throws AppError `not_found`. */
  run(context: CommandContext, id: string, change: OrganizationChange): Promise<Organization> {
    return this.database.transaction(async (tx) => {
      const organization = await this.organizations.update(tx, id, change);
      if (organization === undefined) throw notFound('organization');
      await this.audit.add(tx, [organizationUpdated(context, organization, change)]);
      return organization;
    });
  }
}
