import { Injectable } from '@nestjs/common';
import { InboxChangedV1, newId, type CommandContext, type CreateInboxBody, type Inbox } from '@postern/contracts';
import { Idempotent, Outbox, type Replay } from '@postern/eventing';
import { AppError, brokenConstraint, conflict, type Tx } from '@postern/platform';
import { NO_COUNTS, toInbox, type InboxRow } from '../store/inbox.row.js';
import { InboxStore } from '../store/inbox.store.js';
import { inboxChanged } from './inbox-changed.js';
import { InboxDomain } from './inbox-domain.js';
import { settingsOf } from './inbox-settings.js';
import { Inboxes } from './inboxes.js';
import { randomSlug } from './random-slug.js';

/** Names that are tried when the caller gives none. */
const RANDOM_SLUG_TRIES = 3;

const addressTaken = () => conflict('address_taken', 'Choose another slug: this address is taken.');

const isTaken = (error: unknown): boolean => error instanceof AppError && error.code === 'address_taken';

/** Makes inboxes. */
@Injectable()
export class CreateInbox {
  constructor(
    private readonly inboxes: Inboxes,
    private readonly store: InboxStore,
    private readonly domain: InboxDomain,
    private readonly outbox: Outbox,
    private readonly idempotent: Idempotent,
  ) {}

  /** @throws AppError `address_taken`; `validation_error` for a domain that is not the organization's. */
  async run(context: CommandContext, body: CreateInboxBody): Promise<Inbox | Replay<Inbox>> {
    const earlier = await this.idempotent.earlier(context, (id) => this.inboxes.get(context, id));
    if (earlier !== null) return earlier;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.insert(context, this.newRow(context, body));
      } catch (error) {
        // A name of our own choice that is taken is no fault of the caller.
        if (!isTaken(error) || body.slug !== undefined || tries === RANDOM_SLUG_TRIES) throw error;
      }
    }
  }

  private async insert(context: CommandContext, row: InboxRow): Promise<Inbox | Replay<Inbox>> {
    const work = async (tx: Tx): Promise<Inbox> => {
      await this.domain.mustBeUsable(tx, row);
      await this.store.insert(tx, row);
      if (await this.store.isRetired(tx, row)) throw addressTaken();
      await this.outbox.add(tx, InboxChangedV1, [inboxChanged(context, row, 'created')]);
      return toInbox(row);
    };
    const replay = (id: string): Promise<Inbox> => this.inboxes.get(context, id);
    try {
      return await this.idempotent.once(context, { resourceId: row.id, work, replay });
    } catch (error) {
      if (['inboxes_address', 'inboxes_slug'].includes(brokenConstraint(error) ?? '')) throw addressTaken();
      throw error;
    }
  }

  private newRow(context: CommandContext, body: CreateInboxBody): InboxRow {
    const domain = this.domain.of(body);
    const slug = body.slug ?? randomSlug();
    const now = new Date();
    return {
      organization_id: context.organizationId,
      mode: context.mode,
      id: newId('inb'),
      slug,
      address: `${slug}@${domain}`,
      domain,
      ...settingsOf(body),
      status: 'active',
      paused_reason: null,
      version: 1,
      created_at: now,
      updated_at: now,
      ...NO_COUNTS,
    };
  }
}
