import { Injectable } from '@nestjs/common';
import {
  InboxChangedV1,
  type CommandContext,
  type CommandInput,
  type Inbox,
  type ListInboxes,
  type Page,
  type UpdateInboxBody,
} from '@postern/contracts';
import { Idempotent, Outbox, Replay } from '@postern/eventing';
import { Database, notFound, readCursor, toPage, type Tx } from '@postern/platform';
import { toInbox, type InboxRow } from '../store/inbox.row.js';
import { InboxStore, type InboxChanges } from '../store/inbox.store.js';
import { type InboxChange, inboxChanged } from './inbox-changed.js';
import { settingsToChange } from './inbox-settings.js';
import { TellDelivery } from './tell-delivery.js';

/** Shows and changes inboxes. */
@Injectable()
export class Inboxes {
  constructor(
    private readonly database: Database,
    private readonly store: InboxStore,
    private readonly outbox: Outbox,
    private readonly idempotent: Idempotent,
    private readonly delivery: TellDelivery,
  ) {}

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

  async update(context: CommandContext, reference: string, body: UpdateInboxBody): Promise<Inbox | Replay<Inbox>> {
    const changed = await this.change(context, reference, 'updated', settingsToChange(body));
    return changed instanceof Replay ? changed : toInbox(changed);
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
    const earlier = await this.idempotent.earlier(context, (id) => this.get(context, id));
    if (earlier !== null) return earlier;
    const [change, paused_reason] =
      status === 'paused' ? (['paused', 'request'] as const) : (['resumed', null] as const);
    const changed = await this.change(context, reference, change, { status, paused_reason });
    if (changed instanceof Replay) return changed;
    await this.delivery.status(context, changed);
    return toInbox(changed);
  }

  private change(
    context: CommandContext,
    reference: string,
    change: InboxChange,
    to: InboxChanges,
  ): Promise<InboxRow | Replay<Inbox>> {
    return this.idempotent.onceFound(context, {
      work: async (tx, take) => {
        const { id } = await this.require(tx, context, reference);
        // One change after the other, so that of several pauses at the same time one is a change.
        await this.store.lock(tx, context, id);
        const before = await this.require(tx, context, id);
        await take(id);
        if (to.status !== undefined && to.status === before.status) return before;
        await this.store.update(tx, context, id, to, new Date());
        const after = await this.require(tx, context, id);
        await this.outbox.add(tx, InboxChangedV1, [inboxChanged(context, after, change)]);
        return after;
      },
      replay: (id) => this.get(context, id),
    });
  }

  private async require(tx: Tx, context: CommandContext, reference: string): Promise<InboxRow> {
    const row = await this.store.find(tx, context, reference, context.inboxIds);
    if (row === null) throw notFound('inbox');
    return row;
  }
}
