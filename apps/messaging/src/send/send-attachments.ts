import { Inject, Injectable } from '@nestjs/common';
import {
  type AttachmentInput,
  type CommandContext,
  mediaTypeOf,
  newId,
  safeFilename,
  type SendMessageBody,
} from '@postern/contracts';
import { CONTENT_STORE, detectMediaType, keep, sha256, type ContentStore } from '@postern/eventing';
import { unavailable } from '@postern/platform';
import { FindAttachments } from '../attachments/find-attachments.js';
import type { StoredAttachment } from '../store/message.row.js';
import { MIME_MAX_BYTES, mimeTooLarge, sizeInMime } from './mime-limit.js';

/** An attachment of a message that is about to be sent, with its octets. */
export interface PlannedAttachment {
  stored: StoredAttachment;
  content: Buffer;
}

/** The attachments of a message that is about to be sent: reads them first, and stores them when the message is decided. */
@Injectable()
export class SendAttachments {
  constructor(
    private readonly finder: FindAttachments,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  /**
   * Stores nothing, and loads nothing that would not fit.
   * @param reused  attachments of another message of the organization that go along under ids of their own.
   * @throws AppError `validation_error` for ids that name nothing this caller may send; `payload_too_large`; `unavailable`.
   */
  async read(
    context: CommandContext,
    body: Pick<SendMessageBody, 'attachments'>,
    reused: readonly StoredAttachment[],
  ): Promise<PlannedAttachment[]> {
    const given = body.attachments ?? [];
    const named = await this.finder.toSend(context, given);
    mustFit([...reused, ...named.values()], given);
    const again = reused.map((stored) => this.loadAgain(context, stored));
    const own = given.map((input) => {
      const stored = input.id === undefined ? undefined : named.get(input.id);
      return stored === undefined ? planGiven(input) : this.loadAgain(context, { ...stored, ...placeOf(input) });
    });
    return Promise.all([...again, ...own]);
  }

  /**
   * Puts into the content store what is not there, and renews the lease of what is. Safe to repeat.
   */
  async keep({ organizationId }: CommandContext, planned: readonly PlannedAttachment[]): Promise<void> {
    // The octets are at hand: putting them is the renewal, and heals a blob that was collected since it was read.
    await Promise.all(planned.map(({ content }) => keep(this.content, organizationId, content)));
  }

  /** Octets of attachments that a message has. @returns null when one of them is not there. */
  async ofMessage(
    organizationId: string,
    attachments: readonly StoredAttachment[],
  ): Promise<PlannedAttachment[] | null> {
    const loaded = await Promise.all(
      attachments.map(async (stored) => ({ stored, content: await this.content.get(organizationId, stored.sha256) })),
    );
    const there = loaded.flatMap(({ stored, content }) => (content === null ? [] : [{ stored, content }]));
    return there.length === attachments.length ? there : null;
  }

  private async loadAgain({ organizationId }: CommandContext, stored: StoredAttachment): Promise<PlannedAttachment> {
    const content = await this.content.get(organizationId, stored.sha256);
    // An upload that expired since its row was read: asked again, it is told.
    if (content === null) throw unavailable();
    return { stored: { ...stored, id: newId('att') }, content };
  }
}

/** Where an attachment stands in its message is said anew by each message. */
const placeOf = ({ content_id }: AttachmentInput): Pick<StoredAttachment, 'disposition' | 'content_id'> => ({
  disposition: content_id === undefined ? 'attachment' : 'inline',
  content_id: content_id ?? null,
});

/** Sizes are known before any content is read. @throws AppError `payload_too_large`. */
function mustFit(stored: readonly StoredAttachment[], given: readonly AttachmentInput[]): void {
  const atLeast =
    stored.reduce((sum, { size }) => sum + sizeInMime(size), 0) +
    given.reduce((sum, { content }) => sum + (content?.length ?? 0), 0);
  if (atLeast > MIME_MAX_BYTES) throw mimeTooLarge();
}

/** An attachment that came with the request. */
export async function planGiven(given: AttachmentInput): Promise<PlannedAttachment> {
  const content = Buffer.from(given.content ?? '', 'base64');
  return {
    stored: {
      id: newId('att'),
      filename: safeFilename(given.filename ?? '', 'attachment'),
      content_type: mediaTypeOf(given.content_type),
      detected_content_type: await detectMediaType(content),
      size: content.byteLength,
      ...placeOf(given),
      sha256: sha256(content),
    },
    content,
  };
}
