import { Inject, Injectable } from '@nestjs/common';
import type {
  CommandContext,
  CommandInput,
  CommandOutput,
  ListAcceptedMessages,
  ListMessages,
  ListThreadMessages,
  Message,
  Page,
} from '@postern/contracts';
import { CONTENT_STORE, load, type ContentStore } from '@postern/eventing';
import { Database, forbidden, notFound, readCursor, toPage } from '@postern/platform';
import { InboxStore } from '../store/inbox.store.js';
import { MessageReadStore } from '../store/message-read.store.js';
import { toMessage } from '../store/message.mapper.js';
import { ThreadStore } from '../store/thread.store.js';

/** Shows messages to those who may see them. */
@Injectable()
export class MessageReader {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageReadStore,
    private readonly inboxes: InboxStore,
    private readonly threads: ThreadStore,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  async get(context: CommandContext, id: string, readWithheld: boolean): Promise<Message> {
    const row = await this.database.asTenant(context, (tx) => this.messages.find(tx, context, id, context.inboxIds));
    if (row === null) throw notFound('message');
    return toMessage(row, readWithheld);
  }

  async list(context: CommandContext, input: CommandInput<typeof ListMessages>): Promise<Page<Message>> {
    const after = readCursor('msg', input.query.cursor);
    const rows = await this.database.asTenant(context, async (tx) => {
      let { inboxIds } = context;
      if (input.inbox !== null) {
        const inbox = await this.inboxes.find(tx, context, input.inbox, context.inboxIds);
        if (inbox === null) throw notFound('inbox');
        inboxIds = [inbox.id];
      }
      return this.messages.list(tx, { ...context, inboxIds, query: input.query, after, order: 'newest first' });
    });
    return toPage(rows, input.query.limit, (row) => toMessage(row, input.readWithheld));
  }

  /** The messages of a thread, oldest first. */
  async ofThread(context: CommandContext, input: CommandInput<typeof ListThreadMessages>): Promise<Page<Message>> {
    const after = readCursor('msg', input.query.cursor);
    const rows = await this.database.asTenant(context, async (tx) => {
      const thread = await this.threads.find(tx, context, input.id, context.inboxIds);
      if (thread === null) throw notFound('thread');
      const query = { limit: input.query.limit, thread_id: thread.id };
      return this.messages.list(tx, { ...context, query, after, order: 'oldest first' });
    });
    return toPage(rows, input.query.limit, (row) => toMessage(row, input.readWithheld));
  }

  /** Ids of outbound messages, for the gateway's accounts. */
  async accepted(
    context: CommandContext,
    range: CommandInput<typeof ListAcceptedMessages>,
  ): Promise<CommandOutput<typeof ListAcceptedMessages>> {
    return { ids: await this.database.asTenant(context, (tx) => this.messages.acceptedIds(tx, context, range)) };
  }

  /**
   * The octets of a message, base64.
   * @throws AppError `forbidden` for inbound mail that the guard withholds or flagged, without the right to read that.
   */
  async raw(context: CommandContext, id: string, readWithheld: boolean): Promise<{ raw: string }> {
    const [row, inline] = await this.database.asTenant(context, async (tx) => {
      const found = await this.messages.find(tx, context, id, context.inboxIds);
      return [found, found === null ? null : await this.messages.rawInline(tx, context, id)] as const;
    });
    if (row === null) throw notFound('message');
    const guarded = row.direction === 'inbound' && ['withheld', 'flagged'].includes(row.security_status);
    if (guarded && !readWithheld) throw forbidden('Use a key with the scope messages:read_withheld for this message.');
    const bytes =
      inline ?? (await load(this.content, context.organizationId, { sha256: row.raw_sha256, sizeBytes: row.raw_size }));
    return { raw: bytes.toString('base64') };
  }
}
