import { Injectable } from '@nestjs/common';
import type { CommandContext, Message } from '@postern/contracts';
import { Idempotent, Replay } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { MessageReader } from '../read/message-reader.js';
import { toMessage } from '../store/message.mapper.js';
import type { MessageWithState } from '../store/message.row.js';
import { AnnounceRelease } from './announce-release.js';
import { RecordRelease } from './record-release.js';

/** Lets a withheld message be read, once. */
@Injectable()
export class ReleaseMessage {
  constructor(
    private readonly reader: MessageReader,
    private readonly idempotent: Idempotent,
    private readonly announcement: AnnounceRelease,
    private readonly record: RecordRelease,
  ) {}

  /** @throws AppError `not_found`; `invalid_state` when it is not withheld, or not any more. */
  async run(context: CommandContext, id: string): Promise<Message | Replay<Message>> {
    const replay = (released: string): Promise<Message> => this.reader.get(context, released, true);
    const earlier = await this.idempotent.earlier(context, replay);
    if (earlier !== null) return earlier;
    const message = await this.reader.row(context, id);
    const body = await this.announcement.bodyOf(message);
    const work = (tx: Tx): Promise<MessageWithState> => this.record.run(tx, context, message, body);
    const released = await this.idempotent.once(context, { resourceId: message.id, work, replay });
    // Not read again: a delete may follow at once, and who released it hears that it was.
    return released instanceof Replay ? released : toMessage(released, true);
  }
}
