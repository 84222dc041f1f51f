import { Controller, Inject, Res } from '@nestjs/common';
import {
  GetMessage,
  GetMessageRoute,
  GetRawMessage,
  GetRawMessageRoute,
  ListInboxMessagesRoute,
  ListMessagesRoute,
  type RouteInput,
  ViewMessage,
} from '@postern/contracts';
import { CommandClient, CONTENT_STORE, type ContentStore } from '@postern/eventing';
import { internal } from '@postern/platform';
import type { FastifyReply } from 'fastify';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { MailWait } from '../wait/mail-wait.js';

@Controller()
export class MessagesController {
  constructor(
    private readonly commands: CommandClient,
    private readonly mailWait: MailWait,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  @Route(ListInboxMessagesRoute)
  listOfInbox(@Asks() caller: Caller, @Input() { params, query }: RouteInput<typeof ListInboxMessagesRoute>) {
    return this.mailWait.list(caller, params.inbox, query);
  }

  @Route(ListMessagesRoute)
  list(@Asks() caller: Caller, @Input() { query }: RouteInput<typeof ListMessagesRoute>) {
    return this.mailWait.list(caller, null, query);
  }

  @Route(GetMessageRoute)
  get(@Asks() { context, readsWithheld }: Caller, @Input() { params, query }: RouteInput<typeof GetMessageRoute>) {
    const one = { id: params.id, readWithheld: readsWithheld };
    if (query.view === undefined) return this.commands.ask(GetMessage, context, one);
    const { max_tokens: maxTokens = null, offset = 0 } = query;
    return this.commands.ask(ViewMessage, context, { ...one, maxTokens, offset });
  }

  /**
   * Always a download: nothing in a mail shall be shown by a browser as ours. Who may have a link was decided when it was
   * signed.
   */
  @Route(GetRawMessageRoute)
  async raw(
    @Asks() { context, readsWithheld }: Caller,
    @Input() { params, query }: RouteInput<typeof GetRawMessageRoute>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Answer<AsyncIterable<Uint8Array> | Uint8Array>> {
    const readWithheld = readsWithheld || query.token !== undefined;
    const { raw } = (await this.commands.ask(GetRawMessage, context, { id: params.id, readWithheld })).value;
    void reply.headers({
      'content-disposition': `attachment; filename="${params.id}.eml"`,
      'content-length': String(raw.sizeBytes),
    });
    if (raw.inline !== undefined) return fresh(Buffer.from(raw.inline, 'base64'));
    const opened = await this.content.open(context.organizationId, raw.sha256);
    if (opened === null) throw internal(new Error(`the octets of ${params.id} are not in the store`));
    return fresh(opened.stream);
  }
}
