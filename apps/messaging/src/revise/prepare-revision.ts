import { Inject, Injectable } from '@nestjs/common';
import {
  type CommandContext,
  type Content,
  type Fact,
  MessageEdit,
  type RefusalReason,
  type ScanRevisionRequestedV1,
} from '@postern/contracts';
import { carry, CONTENT_STORE, type ContentStore, load } from '@postern/eventing';
import { AppError, Database } from '@postern/platform';
import { MessageReadStore } from '../store/message-read.store.js';
import type { MessageWithState } from '../store/message.row.js';
import { ComposeRevision } from './compose-revision.js';
import { isBase, type Revision } from './revision.js';

export type RevisionRequest = Fact<typeof ScanRevisionRequestedV1>;

export interface MadeRevision {
  revision: Revision;
  content: Content;
}

/** A request with its answer, as far as that is known before the message is locked. */
export interface PreparedRevision {
  request: RevisionRequest;
  threadId: MessageWithState['thread_id'];
  answer: MadeRevision | { refused: RefusalReason };
}

/** Errors of composing that say no, however often it is tried. */
const REFUSALS: Readonly<Partial<Record<string, RefusalReason>>> = {
  payload_too_large: 'too_large',
  recipients_blocked: 'recipients_blocked',
  // Of the inbox: its messages go with it.
  not_found: 'outdated',
};

/** Composes the version that the guard asked for, and stores its octets: all that needs no lock. */
@Injectable()
export class PrepareRevision {
  constructor(
    private readonly database: Database,
    private readonly messages: MessageReadStore,
    private readonly composer: ComposeRevision,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  /** @returns null for a message that was deleted. @throws when something is away: then the request comes again. */
  async run(request: RevisionRequest): Promise<PreparedRevision | null> {
    const context = askerOf(request);
    const message = await this.database.asTenant(context, (tx) =>
      this.messages.find(tx, context, request.data.messageId, null),
    );
    if (message === null) return null;
    return { request, threadId: message.thread_id, answer: await this.answer(context, request, message) };
  }

  private async answer(
    context: CommandContext,
    { data: { base, edit } }: RevisionRequest,
    message: MessageWithState,
  ): Promise<PreparedRevision['answer']> {
    if (!isBase(message, base)) return { refused: 'outdated' };
    const json = await load(this.content, context.organizationId, edit);
    try {
      const revision = await this.composer.run(context, message, MessageEdit.parse(JSON.parse(json.toString())));
      return { revision, content: await carry(this.content, context.organizationId, revision.mime) };
    } catch (error) {
      const refused = error instanceof AppError ? REFUSALS[error.code] : undefined;
      if (refused === undefined) throw error;
      return { refused };
    }
  }
}

const askerOf = (request: RevisionRequest): CommandContext => ({
  organizationId: request.organizationId,
  mode: request.mode,
  keyId: request.data.editedBy,
  inboxIds: null,
  requestId: request.correlationId,
  traceparent: request.traceparent,
  idempotency: null,
});
