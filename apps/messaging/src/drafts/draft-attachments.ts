import { Injectable } from '@nestjs/common';
import type { AttachmentInput, CommandContext, DraftFields } from '@postern/contracts';
import { MIME_MAX_BYTES, mimeTooLarge, sizeInMime } from '../send/mime-limit.js';
import { SendAttachments } from '../send/send-attachments.js';
import type { StoredAttachment } from '../store/message.row.js';

/** What a caller wants as attachments of a draft, stored, and what each was called by when it was stored already. */
export interface GivenAttachment {
  stored: StoredAttachment;
  /** The id by which it was named; undefined for one that came with the request. */
  namedBy: string | undefined;
}

/** The attachments of drafts: stored as soon as they are given. */
@Injectable()
export class DraftAttachments {
  constructor(private readonly attachments: SendAttachments) {}

  /** @throws AppError `validation_error` for ids that name nothing this caller may send; `payload_too_large`. */
  async store(context: CommandContext, given: readonly AttachmentInput[]): Promise<GivenAttachment[]> {
    const planned = await this.attachments.read(context, { attachments: [...given] }, []);
    await this.attachments.keep(context, planned);
    return planned.map(({ stored }, index) => ({ stored, namedBy: given[index]?.id }));
  }
}

/** The new attachments of a draft. One that it had already keeps its id, so that clients can go on naming it. */
export function withIdsKept(given: readonly GivenAttachment[], had: readonly StoredAttachment[]): StoredAttachment[] {
  const free = new Set(had.map(({ id }) => id));
  return given.map(({ stored, namedBy }) =>
    namedBy !== undefined && free.delete(namedBy) ? { ...stored, id: namedBy } : stored,
  );
}

/** A draft that could never be sent is refused early. @throws AppError `payload_too_large`. */
export function mustFitIntoMessage(fields: DraftFields, attachments: readonly StoredAttachment[]): void {
  const attached = attachments.reduce((sum, { size }) => sum + sizeInMime(size), 0);
  if (Buffer.byteLength(JSON.stringify(fields)) + attached > MIME_MAX_BYTES) throw mimeTooLarge();
}
