import { Injectable } from '@nestjs/common';
import {
  type AttachmentDetails,
  type CommandContext,
  type CommandInput,
  mediaTypeOf,
  type RecordUpload as RecordUploadCommand,
  safeFilename,
} from '@postern/contracts';
import { Idempotent, type Replay } from '@postern/eventing';
import type { Tx } from '@postern/platform';
import { type AttachmentRow, toAttachmentDetails } from '../store/attachment.row.js';
import { AttachmentStore } from '../store/attachment.store.js';
import { FindAttachments } from './find-attachments.js';

/** Gives an upload its id. Its octets are in the content store already; without this row they are collected. */
@Injectable()
export class RecordUpload {
  constructor(
    private readonly store: AttachmentStore,
    private readonly finder: FindAttachments,
    private readonly idempotent: Idempotent,
  ) {}

  async run(
    context: CommandContext,
    input: CommandInput<typeof RecordUploadCommand>,
  ): Promise<AttachmentDetails | Replay<AttachmentDetails>> {
    const row = toRow(context, input);
    const work = async (tx: Tx): Promise<AttachmentDetails> => {
      await this.store.insertUpload(tx, row);
      return toAttachmentDetails(row);
    };
    const replay = (id: string): Promise<AttachmentDetails> => this.finder.get(context, id, true);
    return this.idempotent.once(context, { resourceId: row.id, work, replay });
  }
}

const toRow = (context: CommandContext, input: CommandInput<typeof RecordUploadCommand>): AttachmentRow => ({
  organization_id: context.organizationId,
  mode: context.mode,
  id: input.id,
  message_id: null,
  inbox_id: null,
  uploaded_by: context.keyId,
  sha256: input.sha256,
  filename: safeFilename(input.filename, 'attachment'),
  content_type: mediaTypeOf(input.contentType),
  detected_content_type: input.detectedContentType,
  size: input.size,
  disposition: 'attachment',
  content_id: null,
  created_at: new Date(),
});
