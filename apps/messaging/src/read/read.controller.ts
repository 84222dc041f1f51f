import { Controller } from '@nestjs/common';
import {
  GetMessage,
  GetRawMessage,
  GetThread,
  ListAcceptedMessages,
  ListMessages,
  ListThreadMessages,
  ListThreads,
  type CommandContext,
  type CommandInput,
} from '@postern/contracts';
import { Answers } from '@postern/eventing';
import { MessageLister } from './message-lister.js';
import { MessageReader } from './message-reader.js';
import { ThreadReader } from './thread-reader.js';

@Controller()
export class ReadController {
  constructor(
    private readonly messages: MessageReader,
    private readonly lister: MessageLister,
    private readonly threads: ThreadReader,
  ) {}

  @Answers(ListMessages)
  list(context: CommandContext, input: CommandInput<typeof ListMessages>) {
    return this.lister.list(context, input);
  }

  @Answers(GetMessage)
  get(context: CommandContext, { id, readWithheld }: CommandInput<typeof GetMessage>) {
    return this.messages.get(context, id, readWithheld);
  }

  @Answers(GetRawMessage)
  raw(context: CommandContext, { id, readWithheld }: CommandInput<typeof GetRawMessage>) {
    return this.messages.raw(context, id, readWithheld);
  }

  @Answers(ListAcceptedMessages)
  accepted(context: CommandContext, input: CommandInput<typeof ListAcceptedMessages>) {
    return this.messages.accepted(context, input);
  }

  @Answers(ListThreads)
  listThreads(context: CommandContext, input: CommandInput<typeof ListThreads>) {
    return this.threads.list(context, input);
  }

  @Answers(GetThread)
  getThread(context: CommandContext, { id }: CommandInput<typeof GetThread>) {
    return this.threads.get(context, id);
  }

  @Answers(ListThreadMessages)
  listThreadMessages(context: CommandContext, input: CommandInput<typeof ListThreadMessages>) {
    return this.threads.messages(context, input);
  }
}
