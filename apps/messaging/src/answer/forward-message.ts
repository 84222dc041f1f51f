import { Injectable } from '@nestjs/common';
import type {
  CommandContext,
  CommandInput,
  ForwardBody,
  ForwardMessage as ForwardCommand,
  Message,
  SendMessageBody,
} from '@postern/contracts';
import type { Replay } from '@postern/eventing';
import { SendMessage } from '../send/send-message.js';
import type { MessageWithState } from '../store/message.row.js';
import { followingReferences } from './ancestry.js';
import { AnsweredMessages } from './answered-messages.js';
import { forwardedContent } from './forwarded-content.js';
import { forwardSubject } from './subject-line.js';

/**
 * Forwards a message from its inbox, with what it says below the caller's words and its attachments as they are stored. It
 * stays in the thread, so that an agent sees there that it was forwarded, and what comes back.
 */
@Injectable()
export class ForwardMessage {
  constructor(
    private readonly answered: AnsweredMessages,
    private readonly sendMessage: SendMessage,
  ) {}

  /** @throws AppError as {@link AnsweredMessages.toForward} and {@link SendMessage} do. */
  async run(context: CommandContext, input: CommandInput<typeof ForwardCommand>): Promise<Message | Replay<Message>> {
    const { id, body, ...terms } = input;
    const { message, inbox } = await this.answered.toForward(context, id, input.reads);
    return this.sendMessage.run(context, {
      ...terms,
      inbox: inbox.id,
      body: forwardBody(message, body),
      reused: body.include_attachments ? message.attachments : [],
    });
  }
}

/** No In-Reply-To: a forward answers nobody. */
function forwardBody(message: MessageWithState, given: ForwardBody): SendMessageBody {
  const { include_attachments: _decides, ...rest } = given;
  return {
    ...rest,
    ...forwardedContent(message, given),
    subject: given.subject ?? forwardSubject(message.subject),
    thread_id: message.thread_id,
    references: followingReferences(message),
  };
}
