import { Inject, Injectable } from '@nestjs/common';
import {
  type CommandContext,
  type CommandInput,
  mediaTypeOf,
  newId,
  RecordUpload,
  UPLOAD_MAX_BYTES,
} from '@postern/contracts';
import {
  CommandClient,
  CONTENT_STORE,
  type ContentStore,
  detectMediaType,
  MEDIA_TYPE_HEAD_BYTES,
} from '@postern/eventing';
import { hashOfBody } from '../edge/canonical-json.js';
import { type GivenFile, Head, upTo } from './given-file.js';

/** A file whose octets are in the content store, under no name yet. */
export type StoredFile = Omit<CommandInput<typeof RecordUpload>, 'id'>;

/**
 * Stores a file as it arrives, then has messaging record it. Killed in between, or asked twice with one idempotency key,
 * it leaves octets without a name, which are collected.
 */
@Injectable()
export class UploadAttachment {
  constructor(
    private readonly commands: CommandClient,
    @Inject(CONTENT_STORE) private readonly content: ContentStore,
  ) {}

  /** @throws AppError `payload_too_large`; what reading the content throws. Then nothing is stored. */
  async store({ organizationId }: CommandContext, { filename, contentType, content }: GivenFile): Promise<StoredFile> {
    const head = new Head(MEDIA_TYPE_HEAD_BYTES);
    const source = head.of(upTo(UPLOAD_MAX_BYTES, content));
    const { sha256, sizeBytes } = await this.content.write(organizationId, source);
    return {
      sha256,
      size: sizeBytes,
      filename,
      contentType: mediaTypeOf(contentType),
      detectedContentType: await detectMediaType(head.bytes),
    };
  }

  /** @throws AppError `idempotency_conflict`; `unavailable`. */
  record(context: CommandContext, file: StoredFile) {
    const { sha256, filename, contentType } = file;
    const bodyHash = hashOfBody({ sha256, filename, content_type: contentType });
    const idempotency = context.idempotency && { ...context.idempotency, bodyHash };
    return this.commands.ask(RecordUpload, { ...context, idempotency }, { id: newId('att'), ...file });
  }
}
