import { Injectable } from '@nestjs/common';
import {
  type AttachmentDetails,
  type CommandContext,
  type CommandInput,
  mediaTypeOf,
  type RecordUpload as RecordUploadCommand,
  safeFilename,
} from '@postern/contracts';
import { IdempotencyKeys, Replay } from '@postern/eventing';
import { Database } from '@postern/platform';
import { type AttachmentRow, toAttachmentDetails } from '../store/attachment.row.js';
import { AttachmentStore } from '../store/attachment.store.js';
import { FindAttachments } from './find-attachments.js';

/** Leaves the transaction when another call holds the idempotency key. */
class TakenBy extends Error {
  constructor(readonly id: string) {
    super('the idempotency key was used before');
  }
}

/** Gives an upload its id. Its octets are in the content store already; without this row they are collected. */
@Injectable()
export class RecordUpload {
  constructor(
    private readonly database: Database,
    private readonly store: AttachmentStore,
    private readonly finder: FindAttachments,
    private readonly keys: IdempotencyKeys,
  ) {}

  async run(
    context: CommandContext,
    input: CommandInput<typeof RecordUploadCommand>,
  ): Promise<AttachmentDetails | Replay<AttachmentDetails>> {
    const row = toRow(context, input);
    try {
      return await this.database.transaction(async (tx) => {
        const taken = await this.keys.take(tx, context, row.id);
        if (taken !== null) throw new TakenBy(taken);
        await this.store.insertUpload(tx, row);
        return toAttachmentDetails(row);
      });
    } catch (error) {
      if (error instanceof TakenBy) return new Replay(await this.finder.get(context, error.id, true));
      throw error;
    }
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
