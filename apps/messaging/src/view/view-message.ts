import { Injectable } from '@nestjs/common';
import type {
  CommandContext,
  CommandInput,
  Message,
  MessageView,
  ViewMessage as ViewMessageCommand,
} from '@postern/contracts';
import { Database, notFound } from '@postern/platform';
import { MessageReadStore } from '../store/message-read.store.js';
import { toMessage } from '../store/message.mapper.js';
import { boundaryOf } from './markers.js';
import { renderPage } from './page.js';
import { readBody } from './read-body.js';

/** Shows a message as a model reads it best. Rendered anew each time: what is shown follows the rules of today. */
@Injectable()
export class ViewMessage {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageReadStore,
  ) {}

  /** @throws AppError `not_found`. */
  async run(context: CommandContext, input: CommandInput<typeof ViewMessageCommand>): Promise<MessageView> {
    const { id, readWithheld, maxTokens, offset } = input;
    const [row, original] = await this.database.asTenant(context, async (tx) => [
      await this.messages.find(tx, context, id, context.inboxIds),
      await this.messages.originals(tx, context, id),
    ]);
    if (row === null) throw notFound('message');
    const message = toMessage(row, readWithheld);
    const isShown = row.security_status !== 'withheld' || readWithheld;
    // The original, since only that has what is hidden: here it is listed as such.
    const { text, html } = message;
    const body = await readBody(
      isShown ? { text: original.text ?? text, html: original.html ?? html } : { text, html },
    );
    const boundary = boundaryOf(id);
    const page = renderPage(body.blocks, {
      maxTokens,
      offset,
      boundary,
      urlOf: (from) => urlOf(id, maxTokens, from),
      restUrl: body.cut ? `/v1/messages/${id}/raw` : null,
    });
    return {
      ...headOf(message),
      view: 'markdown',
      markdown: isShown ? page.markdown : null,
      source: body.source,
      boundary,
      parts: body.blocks.map(({ kind, tokens }) => ({ kind, tokens })),
      hidden: body.hidden,
      hidden_more: body.hiddenMore,
      tokens: page.tokens,
      max_tokens: maxTokens,
      truncated: page.truncated,
      next: page.next === null ? null : urlOf(id, maxTokens, page.next),
    };
  }
}

const urlOf = (id: string, maxTokens: number | null, offset: number): string =>
  `/v1/messages/${id}?view=markdown${maxTokens === null ? '' : `&max_tokens=${maxTokens}`}&offset=${offset}`;

/** What an agent needs to know about a message beside what it says. */
const headOf = (message: Message) => ({
  id: message.id,
  thread_id: message.thread_id,
  inbox_id: message.inbox_id,
  direction: message.direction,
  from: message.from,
  to: message.to,
  cc: message.cc,
  subject: message.subject,
  attachments: message.attachments,
  delivery_status: message.delivery_status,
  security_status: message.security_status,
  created_at: message.created_at,
});
