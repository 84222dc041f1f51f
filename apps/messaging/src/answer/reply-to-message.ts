import { Injectable } from '@nestjs/common';
import type {
  CommandContext,
  CommandInput,
  Message,
  ReplyBody,
  ReplyToMessage as ReplyCommand,
  SendMessageBody,
} from '@postern/contracts';
import type { Replay } from '@postern/eventing';
import { SendMessage } from '../send/send-message.js';
import { followingReferences, knownId } from './ancestry.js';
import { type Answered, AnsweredMessages } from './answered-messages.js';
import { replyRecipients } from './reply-recipients.js';
import { replySubject } from './subject-line.js';

/** Replies to a message, in its thread and from its inbox. The former text is not quoted: the thread holds it. */
@Injectable()
export class ReplyToMessage {
  constructor(
    private readonly answered: AnsweredMessages,
    private readonly sendMessage: SendMessage,
  ) {}

  /** @throws AppError as {@link AnsweredMessages.toReplyTo}, {@link replyRecipients} and {@link SendMessage} do. */
  async run(context: CommandContext, input: CommandInput<typeof ReplyCommand>): Promise<Message | Replay<Message>> {
    const { id, body, ...terms } = input;
    const answered = await this.answered.toReplyTo(context, id, input.reads);
    return this.sendMessage.run(context, { ...terms, inbox: answered.inbox.id, body: replyBody(answered, body) });
  }
}

function replyBody({ message, inbox }: Answered, given: ReplyBody): SendMessageBody {
  const { reply_all: _decides, ...rest } = given;
  const inReplyTo = knownId(message);
  return {
    ...rest,
    ...replyRecipients(message, inbox.address, given),
    subject: given.subject ?? replySubject(message.subject),
    thread_id: message.thread_id,
    ...(inReplyTo !== null && { in_reply_to: inReplyTo }),
    references: followingReferences(message),
  };
}
