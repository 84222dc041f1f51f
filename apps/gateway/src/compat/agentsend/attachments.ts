import { type AttachmentDetails, GetAttachmentRoute, UploadAttachmentRoute } from '@postern/contracts';
import type { z } from 'zod';
import { downloadLink } from '../download-link.js';
import type { FrontReply, FrontRoute } from '../front.js';
import { unlessForbidden } from '../unless-forbidden.js';
import type { V1 } from '../v1.js';
import { shownFile } from './message.js';

/** With a link to the content that ends after an hour. */
async function reply(
  v1: V1,
  status: number,
  file: z.input<typeof AttachmentDetails>,
  origin: string,
): Promise<FrontReply> {
  // Null for keys that may upload and not read.
  const link = await unlessForbidden(downloadLink(v1, origin, file.id), null);
  return { status, body: { ...shownFile(file), url: link?.url ?? null, createdAt: file.created_at } };
}

export const attachments: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/attachments',
    takesFile: true,
    async answer({ file, origin }, v1) {
      return reply(v1, 201, await v1.ask(UploadAttachmentRoute, { file }), origin);
    },
  },
  {
    method: 'GET',
    path: '/attachments/{id}',
    async answer({ params: { id = '' }, origin }, v1) {
      return reply(v1, 200, await v1.ask(GetAttachmentRoute, { params: { id } }), origin);
    },
  },
];
