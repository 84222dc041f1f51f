import { Inject, Injectable } from '@nestjs/common';
import { MessageReleasedV1, type CommandContext, type Content } from '@postern/contracts';
import { carry, CONTENT_STORE, Outbox, type ContentStore } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { announcedBody } from '../receive/announced-body.js';
import { AcceptStore } from '../store/accept.store.js';
import { toSummary } from '../store/message.mapper.js';
import type { MessageWithState } from '../store/message.row.js';

/** What everybody is told when a withheld message may be read: the message, and now its content. */
@Injectable()
export class AnnounceRelease {
  constructor(
    private readonly accept: AcceptStore,
    private readonly outbox: Outbox,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  /** What will be told of its content; no transaction is open yet. */
  bodyOf({ organization_id, text_body: text, html_body: html }: MessageWithState): Promise<Content> {
    return carry(this.content, organization_id, Buffer.from(JSON.stringify(announcedBody({ text, html }))));
  }

  /** @param message  as it is when it is released. @param body  of {@link bodyOf}; kept as long as the message is. */
  async run(
    tx: Tx,
    { organizationId, mode, keyId: actor }: CommandContext,
    message: MessageWithState,
    body: Content,
  ): Promise<void> {
    const { version } = message;
    if (body.inline === undefined) await this.accept.hold(tx, [{ message, sha256: body.sha256 }]);
    await this.outbox.add(tx, MessageReleasedV1, [
      { organizationId, mode, data: { message: toSummary(message), version, body, actor } },
    ]);
  }
}
