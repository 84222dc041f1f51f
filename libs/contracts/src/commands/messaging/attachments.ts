import { z } from 'zod';
import { defineCommand } from '../../command.js';
import { Sha256 } from '../../content.js';
import { AttachmentDetails } from '../../http/attachment.js';
import { AttachmentId } from '../../ids.js';

/** Records an upload whose octets the gateway has put into the content store. */
export const RecordUpload = defineCommand(
  'messaging.record_upload',
  z.object({
    id: AttachmentId,
    sha256: Sha256,
    size: z.int().nonnegative(),
    filename: z.string(),
    contentType: z.string(),
    detectedContentType: z.string().nullable(),
  }),
  AttachmentDetails,
);

/** @throws `forbidden` for attachments of withheld mail, without the right to read that. */
export const GetAttachment = defineCommand(
  'messaging.get_attachment',
  z.object({ id: z.string(), readWithheld: z.boolean() }),
  AttachmentDetails,
);
