import { domainToASCII } from 'node:url';
import { Injectable } from '@nestjs/common';
import {
  addressKey,
  PLATFORM_ORGANIZATION,
  ResolveAddress,
  type InboxId,
  type SecurityLevel,
  type Tenant,
} from '@postern/contracts';
import { CommandClient } from '@postern/eventing';
import { currentContext, Database, newRequestId, newTraceparent } from '@postern/platform';
import { findInboxAddress } from '../store/inbox-address.store.js';

/** The inbox that an address belongs to. */
export interface Owner extends Tenant {
  inboxId: InboxId;
  /** Absent when it is not known. */
  securityLevel?: SecurityLevel | undefined;
}

/** Tells whose an envelope recipient is. */
@Injectable()
export class RecipientLookup {
  constructor(
    private readonly database: Database,
    private readonly commands: CommandClient,
  ) {}

  /**
   * Looks into the projection, and asks messaging once about an address that it does not know: the inbox may be younger
   * than its fact.
   * @returns null when the address is no inbox of ours.
   * @throws AppError `unavailable` when neither can tell now.
   */
  async ownerOf(recipient: string): Promise<Owner | null> {
    const address = comparable(recipient);
    const known = await findInboxAddress(this.database, address);
    if (known !== null) {
      const { organizationId, mode, inboxId, securityLevel, deleted } = known;
      return deleted ? null : { organizationId, mode, inboxId, securityLevel: securityLevel ?? undefined };
    }
    const context = currentContext();
    const answer = await this.commands.ask(
      ResolveAddress,
      {
        organizationId: PLATFORM_ORGANIZATION,
        mode: 'live',
        keyId: null,
        inboxIds: null,
        requestId: context?.requestId ?? newRequestId(),
        traceparent: context?.traceparent ?? newTraceparent(),
        idempotency: null,
      },
      { address },
    );
    return answer.value.owner;
  }
}

/** Lower case, with the domain in A-labels: the SMTP server decodes them. */
function comparable(recipient: string): string {
  const at = recipient.lastIndexOf('@');
  const ascii = domainToASCII(recipient.slice(at + 1));
  return addressKey(ascii === '' ? recipient : `${recipient.slice(0, at)}@${ascii}`);
}
