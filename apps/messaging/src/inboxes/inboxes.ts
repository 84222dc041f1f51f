import { Inject, Injectable } from '@nestjs/common';
import {
  InboxChangedV1,
  newId,
  type CommandContext,
  type CommandInput,
  type CreateInboxBody,
  type Inbox,
  type ListInboxes,
  type Page,
  type UpdateInboxBody,
} from '@postern/contracts';
import { IdempotencyKeys, Outbox, Replay } from '@postern/eventing';
import {
  AppError,
  brokenConstraint,
  CONFIG,
  conflict,
  Database,
  notFound,
  validationError,
  type Tx,
  readCursor,
  toPage,
} from '@postern/platform';
import { NO_COUNTS, toInbox, type InboxRow } from '../store/inbox.row.js';
import { InboxStore, type InboxChanges } from '../store/inbox.store.js';
import { KnownDomainStore } from '../store/known-domain.store.js';
import { settingsOf, settingsToChange } from './inbox-settings.js';
import { randomSlug } from './random-slug.js';
import { TellDelivery } from './tell-delivery.js';

type Change = 'created' | 'updated' | 'paused' | 'resumed';

/** Names that are tried when the caller gives none. */
const RANDOM_SLUG_TRIES = 3;

const addressTaken = () => conflict('address_taken', 'Choose another slug: this address is taken.');

const isTaken = (error: unknown): boolean => error instanceof AppError && error.code === 'address_taken';

/** Takes back the transaction of a call whose idempotency key was taken by another one. */
class TakenBy extends Error {
  constructor(readonly id: string) {
    super('the idempotency key was used before');
  }
}

/** Makes, shows and changes inboxes. */
@Injectable()
export class Inboxes {
  constructor(
    private readonly database: Database,
    private readonly store: InboxStore,
    private readonly domains: KnownDomainStore,
    private readonly outbox: Outbox,
    private readonly keys: IdempotencyKeys,
    private readonly delivery: TellDelivery,
    @Inject(CONFIG) private readonly config: { readonly POSTERN_DOMAIN: string },
  ) {}

  async create(context: CommandContext, body: CreateInboxBody): Promise<Inbox | Replay<Inbox>> {
    const earlier = await this.keys.find(context);
    if (earlier !== null) return new Replay(await this.get(context, earlier));
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.insert(context, this.newRow(context, body));
      } catch (error) {
        if (error instanceof TakenBy) return new Replay(await this.get(context, error.id));
        // A name of our own choice that is taken is no fault of the caller.
        if (!isTaken(error) || body.slug !== undefined || tries === RANDOM_SLUG_TRIES) throw error;
      }
    }
  }

  private async insert(context: CommandContext, row: InboxRow): Promise<Inbox> {
    try {
      return await this.database.transaction(async (tx) => {
        const taken = await this.keys.take(tx, context, row.id);
        if (taken !== null) throw new TakenBy(taken);
        await this.mustBeUsable(tx, row);
        await this.store.insert(tx, row);
        if (await this.store.isRetired(tx, row)) throw addressTaken();
        await this.announce(tx, context, row, 'created');
        return toInbox(row);
      });
    } catch (error) {
      if (['inboxes_address', 'inboxes_slug'].includes(brokenConstraint(error) ?? '')) {
        throw addressTaken();
      }
      throw error;
    }
  }

  async get(context: CommandContext, reference: string): Promise<Inbox> {
    return toInbox(await this.database.asTenant(context, (tx) => this.require(tx, context, reference)));
  }

  async list(context: CommandContext, query: CommandInput<typeof ListInboxes>): Promise<Page<Inbox>> {
    const before = readCursor('inb', query.cursor);
    const rows = await this.database.asTenant(context, (tx) =>
      this.store.list(tx, context, query, before, context.inboxIds),
    );
    return toPage(rows, query.limit, toInbox);
  }

  async update(context: CommandContext, reference: string, body: UpdateInboxBody): Promise<Inbox> {
    return toInbox(await this.change(context, reference, 'updated', settingsToChange(body)));
  }

  /**
   * Pausing a paused inbox changes nothing and is no error. A repeat shows the inbox as it is now. After the answer delivery
   * knows, unless it is away: then the fact tells it.
   */
  async setStatus(
    context: CommandContext,
    reference: string,
    status: 'active' | 'paused',
  ): Promise<Inbox | Replay<Inbox>> {
    const earlier = await this.keys.find(context);
    if (earlier !== null) return new Replay(await this.get(context, earlier));
    try {
      const [change, paused_reason] =
        status === 'paused' ? (['paused', 'request'] as const) : (['resumed', null] as const);
      const row = await this.change(context, reference, change, { status, paused_reason });
      await this.delivery.status(context, row);
      return toInbox(row);
    } catch (error) {
      if (error instanceof TakenBy) return new Replay(await this.get(context, error.id));
      throw error;
    }
  }

  private async change(
    context: CommandContext,
    reference: string,
    change: Change,
    to: InboxChanges,
  ): Promise<InboxRow> {
    return this.database.transaction(async (tx) => {
      const { id } = await this.require(tx, context, reference);
      // One change after the other, so that of several pauses at the same time one is a change.
      await this.store.lock(tx, context, id);
      const before = await this.require(tx, context, id);
      const taken = await this.keys.take(tx, context, before.id);
      if (taken !== null) throw new TakenBy(taken);
      if (to.status !== undefined && to.status === before.status) return before;
      await this.store.update(tx, context, before.id, to, new Date());
      const after = await this.require(tx, context, before.id);
      await this.announce(tx, context, after, change);
      return after;
    });
  }

  private async require(tx: Tx, context: CommandContext, reference: string): Promise<InboxRow> {
    const row = await this.store.find(tx, context, reference, context.inboxIds);
    if (row === null) throw notFound('inbox');
    return row;
  }

  private async announce(tx: Tx, { keyId }: CommandContext, row: InboxRow, change: Change): Promise<void> {
    await this.outbox.add(tx, InboxChangedV1, [
      {
        organizationId: row.organization_id,
        mode: row.mode,
        data: { change, inbox: toInbox(row), version: row.version, actor: keyId },
      },
    ]);
  }

  /** An inbox in a domain that somebody only claims would take its owner's mail. @throws AppError `validation_error`. */
  private async mustBeUsable(tx: Tx, { organization_id: organizationId, mode, domain: name }: InboxRow): Promise<void> {
    const { POSTERN_DOMAIN } = this.config;
    if (name === POSTERN_DOMAIN || (await this.domains.isUsable(tx, { organizationId, mode, name }))) return;
    const message = `must be ${POSTERN_DOMAIN}, or a domain of this organization whose ownership record was found`;
    throw validationError([{ path: 'domain', message }]);
  }

  private newRow(context: CommandContext, body: CreateInboxBody): InboxRow {
    const domain = (body.domain ?? this.config.POSTERN_DOMAIN).toLowerCase();
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
