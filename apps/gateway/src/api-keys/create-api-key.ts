import { Injectable } from '@nestjs/common';
import { type ApiKey, type CommandContext, type CreateApiKeyBody, GetInbox, newId } from '@postern/contracts';
import { CommandClient, Idempotent, Replay } from '@postern/eventing';
import { forbidden, internal, type Tx, validationError } from '@postern/platform';
import { apiKeyCreated } from '../audit/notes-of-actions.js';
import { newKeySecret } from '../auth/key-secret.js';
import { type Answer, fresh, replay } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { ApiKeysStore } from '../store/api-keys.store.js';
import { AuditPendingStore } from '../store/audit-pending.store.js';
import { whyWider } from './narrower.js';

/** Makes a key that may do no more than the one that asks. */
@Injectable()
export class CreateApiKey {
  constructor(
    private readonly idempotent: Idempotent,
    private readonly keys: ApiKeysStore,
    private readonly audit: AuditPendingStore,
    private readonly commands: CommandClient,
  ) {}

  /**
   * One transaction. A repeat shows the key as it is now, without the secret.
   * @throws AppError `forbidden` for a wider key; `validation_error` for an end in the past; `not_found` for an inbox that
   * the key's organization and mode do not have.
   */
  async run({ context, scopes, expiresAt }: Caller, body: CreateApiKeyBody): Promise<Answer<ApiKey>> {
    const { mode, inboxIds } = context;
    const wider = whyWider({ mode, scopes, inboxIds, expiresAt }, body);
    if (wider !== null) throw forbidden(wider);
    const asMade = (id: string): Promise<ApiKey> => this.asMade(context, id);
    const earlier = await this.idempotent.earlier(context, asMade);
    if (earlier !== null) return replay(earlier.value);
    // After the repeat: what was right when the key was made may be past now.
    if (typeof body.expires_at === 'string' && Date.parse(body.expires_at) <= Date.now()) {
      throw validationError([{ path: 'expires_at', message: 'must be in the future' }]);
    }
    await this.mustHave({ ...context, mode: body.mode }, body.inbox_ids ?? []);
    const { secret, prefix, hash } = newKeySecret(body.mode);
    const id = newId('key');
    const work = async (tx: Tx): Promise<ApiKey> => {
      const key = await this.keys.insert(tx, {
        organizationId: context.organizationId,
        mode: body.mode,
        id,
        name: body.name,
        scopes: [...new Set(body.scopes)],
        inboxIds: body.inbox_ids ?? null,
        keyPrefix: prefix,
        secretHash: hash,
        createdBy: context.keyId,
        expiresAt: body.expires_at ?? null,
      });
      await this.audit.add(tx, [apiKeyCreated(context, context, key)]);
      return key;
    };
    const made = await this.idempotent.once(context, { resourceId: id, work, replay: asMade });
    return made instanceof Replay ? replay(made.value) : fresh({ ...made, secret });
  }

  private async mustHave(context: CommandContext, inboxes: readonly string[]): Promise<void> {
    const asker = { ...context, idempotency: null };
    await Promise.all(inboxes.map((inbox) => this.commands.ask(GetInbox, asker, { inbox })));
  }

  private async asMade(context: Caller['context'], id: string): Promise<ApiKey> {
    const key = await this.keys.get(context, id, true);
    if (key === undefined) throw internal(new Error(`idempotency key of an unknown API key ${id}`));
    return key;
  }
}
