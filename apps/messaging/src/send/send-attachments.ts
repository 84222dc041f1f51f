import { Inject, Injectable } from '@nestjs/common';
import { newId, type AttachmentInput, type CommandContext, type SendMessageBody } from '@postern/contracts';
import { CONTENT_STORE, keep, load, sha256, type ContentStore } from '@postern/eventing';
import type { StoredAttachment } from '../store/message.row.js';

/** An attachment of a message that is about to be sent, with its octets. */
export interface PlannedAttachment {
  stored: StoredAttachment;
  content: Buffer;
  /** In the content store already. */
  isKept: boolean;
}

/** The attachments of a message that is about to be sent: reads them first, and stores them when the message is decided. */
@Injectable()
export class SendAttachments {
  constructor(@Inject(CONTENT_STORE) private readonly content: ContentStore) {}

  /**
   * Stores nothing.
   * @param reused  attachments of another message of the organization that go along under ids of their own.
   */
  async read(
    { organizationId }: CommandContext,
    body: Pick<SendMessageBody, 'attachments'>,
    reused: readonly StoredAttachment[],
  ): Promise<PlannedAttachment[]> {
    const given = (body.attachments ?? []).map(planGiven);
    const again = await Promise.all(
      reused.map(async (stored): Promise<PlannedAttachment> => {
        const content = await load(this.content, organizationId, { sha256: stored.sha256, sizeBytes: stored.size });
        return { stored: { ...stored, id: newId('att') }, content, isKept: true };
      }),
    );
    return [...again, ...given];
  }

  /** Puts into the content store what is not there. Safe to repeat. */
  async keep({ organizationId }: CommandContext, planned: readonly PlannedAttachment[]): Promise<void> {
    await Promise.all(
      planned.filter(({ isKept }) => !isKept).map(({ content }) => keep(this.content, organizationId, content)),
    );
  }
}

/** An attachment that came with the request. */
export function planGiven(given: AttachmentInput): PlannedAttachment {
  const content = Buffer.from(given.content, 'base64');
  return {
    stored: {
      id: newId('att'),
      filename: given.filename,
      content_type: given.content_type,
      size: content.byteLength,
      disposition: given.content_id === undefined ? 'attachment' : 'inline',
      content_id: given.content_id ?? null,
      sha256: sha256(content),
    },
    content,
    isKept: false,
  };
}
