import { Injectable } from '@nestjs/common';
import type {
  CommandContext,
  CommandInput,
  CommandOutput,
  Content,
  ListAcceptedMessages,
  Message,
} from '@postern/contracts';
import { Database, forbidden, notFound } from '@postern/platform';
import { MessageReadStore } from '../store/message-read.store.js';
import { toMessage } from '../store/message.mapper.js';
import type { MessageWithState } from '../store/message.row.js';

/** Shows messages to those who may see them. */
@Injectable()
export class MessageReader {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageReadStore,
  ) {}

  async get(context: CommandContext, id: string, readWithheld: boolean): Promise<Message> {
    return toMessage(await this.row(context, id), readWithheld);
  }

  /** As it is stored, with everything that only some may see. @throws AppError `not_found`. */
  async row(context: CommandContext, id: string): Promise<MessageWithState> {
    const row = await this.database.asTenant(context, (tx) => this.messages.find(tx, context, id, context.inboxIds));
    if (row === null) throw notFound('message');
    return row;
  }

  /** Ids of outbound messages, for the gateway's accounts. */
  async accepted(
    context: CommandContext,
    range: CommandInput<typeof ListAcceptedMessages>,
  ): Promise<CommandOutput<typeof ListAcceptedMessages>> {
    return { ids: await this.database.asTenant(context, (tx) => this.messages.acceptedIds(tx, context, range)) };
  }

  /**
   * The octets of a message, or where they are.
   * @throws AppError `forbidden` for inbound mail that the guard withholds or flagged, without the right to read that.
   */
  async raw(context: CommandContext, id: string, readWithheld: boolean): Promise<{ raw: Content }> {
    const [row, inline] = await this.database.asTenant(context, async (tx) => {
      const found = await this.messages.find(tx, context, id, context.inboxIds);
      return [found, found === null ? null : await this.messages.rawInline(tx, context, id)] as const;
    });
    if (row === null) throw notFound('message');
    const guarded = row.direction === 'inbound' && ['withheld', 'flagged'].includes(row.security_status);
    if (guarded && !readWithheld) throw forbidden('Use a key with the scope messages:read_withheld for this message.');
    const stored = { sha256: row.raw_sha256, sizeBytes: row.raw_size };
    return { raw: inline === null ? stored : { ...stored, inline: inline.toString('base64') } };
  }
}
