import { Injectable } from '@nestjs/common';
import {
  type CommandContext,
  type CreatedOrganization,
  type CreateOrganizationBody,
  type KeyId,
  newId,
  type OrganizationId,
  sameIdAs,
} from '@postern/contracts';
import { Idempotent, Replay } from '@postern/eventing';
import { internal, type Tx } from '@postern/platform';
import type { z } from 'zod';
import { apiKeyCreated, organizationCreated } from '../audit/notes-of-actions.js';
import { newKeySecret } from '../auth/key-secret.js';
import { type Answer, fresh, replay } from '../edge/answer.js';
import { ApiKeysStore } from '../store/api-keys.store.js';
import { AuditPendingStore } from '../store/audit-pending.store.js';
import { OrganizationsStore } from '../store/organizations.store.js';

type Created = z.infer<typeof CreatedOrganization>;

const FIRST_KEY_NAME = 'First key';
const FIRST_KEY_SCOPES = ['*'];

/** Makes an organization and the key that may do everything in it. */
@Injectable()
export class CreateOrganization {
  constructor(
    private readonly idempotent: Idempotent,
    private readonly organizations: OrganizationsStore,
    private readonly keys: ApiKeysStore,
    private readonly audit: AuditPendingStore,
  ) {}

  /** One transaction. A repeat shows the organization as it is now, without the secret. */
  async run(context: CommandContext, body: CreateOrganizationBody): Promise<Answer<Created>> {
    const asMade = (id: string): Promise<Created> => this.asMade(id);
    const earlier = await this.idempotent.earlier(context, asMade);
    if (earlier !== null) return replay(earlier.value);
    const id = newId('org');
    const work = async (tx: Tx): Promise<Created> => {
      const organization = await this.organizations.insert(tx, id, body.name, body.limits ?? {});
      const { secret, prefix, hash } = newKeySecret('live');
      const keyId = firstKeyOf(id);
      const key = await this.keys.insert(tx, {
        organizationId: id,
        mode: 'live',
        id: keyId,
        name: FIRST_KEY_NAME,
        scopes: FIRST_KEY_SCOPES,
        inboxIds: null,
        keyPrefix: prefix,
        secretHash: hash,
        createdBy: null,
        expiresAt: null,
      });
      await this.audit.add(tx, [
        organizationCreated(context, organization),
        apiKeyCreated(context, { organizationId: id, mode: 'live' }, key),
      ]);
      return { organization, api_key: { id: keyId, secret, scopes: FIRST_KEY_SCOPES } };
    };
    const made = await this.idempotent.once(context, { resourceId: id, work, replay: asMade });
    return made instanceof Replay ? replay(made.value) : fresh(made);
  }

  private async asMade(id: string): Promise<Created> {
    const organization = await this.organizations.get(id);
    if (organization === undefined) throw internal(new Error(`idempotency key of an unknown organization ${id}`));
    return { organization, api_key: { id: firstKeyOf(id), secret: null, scopes: FIRST_KEY_SCOPES } };
  }
}

/** The first key has the organization's id under its own prefix, so that a repeat finds it. */
const firstKeyOf = (organizationId: OrganizationId | string): KeyId => sameIdAs('key', organizationId);
