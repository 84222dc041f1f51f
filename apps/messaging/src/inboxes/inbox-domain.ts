import { Inject, Injectable } from '@nestjs/common';
import type { CreateInboxBody } from '@postern/contracts';
import { CONFIG, type Tx, validationError } from '@postern/platform';
import type { InboxRow } from '../store/inbox.row.js';
import { KnownDomainStore } from '../store/known-domain.store.js';

/** The domain of a new inbox. */
@Injectable()
export class InboxDomain {
  constructor(
    private readonly domains: KnownDomainStore,
    @Inject(CONFIG) private readonly config: { readonly POSTERN_DOMAIN: string },
  ) {}

  /** The one that is asked for, or the instance's own; lower case. */
  of({ domain }: Pick<CreateInboxBody, 'domain'>): string {
    return (domain ?? this.config.POSTERN_DOMAIN).toLowerCase();
  }

  /** An inbox in a domain that somebody only claims would take its owner's mail. @throws AppError `validation_error`. */
  async mustBeUsable(tx: Tx, { organization_id: organizationId, mode, domain: name }: InboxRow): Promise<void> {
    const { POSTERN_DOMAIN } = this.config;
    if (name === POSTERN_DOMAIN || (await this.domains.isUsable(tx, { organizationId, mode, name }))) return;
    const message = `must be ${POSTERN_DOMAIN}, or a domain of this organization whose ownership record was found`;
    throw validationError([{ path: 'domain', message }]);
  }
}
