import { Injectable } from '@nestjs/common';
import type { CommandContext, Message } from '@postern/contracts';
import { IdempotencyKeys, Replay } from '@postern/eventing';
import { Database, notFound } from '@postern/platform';
import { MessageReader } from '../read/message-reader.js';
import { toMessage } from '../store/message.mapper.js';
import { MessageReadStore } from '../store/message-read.store.js';
import { RecordRelease } from './record-release.js';

/** Lets a withheld message be read, once. */
@Injectable()
export class ReleaseMessage {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageReadStore,
    private readonly reader: MessageReader,
    private readonly keys: IdempotencyKeys,
    private readonly record: RecordRelease,
  ) {}

  /** @throws AppError `not_found`; `invalid_state` when it is not withheld, or not any more. */
  async run(context: CommandContext, id: string): Promise<Message | Replay<Message>> {
    const earlier = await this.keys.find(context);
    if (earlier !== null) return this.replay(context, earlier);
    const message = await this.database.asTenant(context, (tx) =>
      this.messages.find(tx, context, id, context.inboxIds),
    );
    if (message === null) throw notFound('message');
    const body = await this.record.bodyOf(message);
    const { released, taken } = await this.database.transaction(async (tx) => {
      const holder = await this.keys.take(tx, context, message.id);
      return holder === null
        ? { released: await this.record.run(tx, context, message, body), taken: null }
        : { released: null, taken: holder };
    });
    // Not read again: a delete may follow at once, and who released it hears that it was.
    return released === null ? this.replay(context, taken) : toMessage(released, true);
  }

  private async replay(context: CommandContext, id: string): Promise<Replay<Message>> {
    return new Replay(await this.reader.get(context, id, true));
  }
}
