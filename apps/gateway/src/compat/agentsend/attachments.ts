import { agentSendFile, type AttachmentDetails, GetAttachmentRoute, UploadAttachmentRoute } from '@postern/contracts';
import type { z } from 'zod';
import { downloadLink } from '../download-link.js';
import type { FrontRoute } from '../front.js';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';

const shown = (file: z.input<typeof AttachmentDetails>, url: string | null) => ({
  ...agentSendFile(file),
  url,
  createdAt: file.created_at,
});

/** Null where it is refused: what was uploaded is there all the same, and GET gives the link. */
async function linkAfterwards(v1: V1, origin: string, id: string): Promise<string | null> {
  try {
    return (await downloadLink(v1, origin, id)).url;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

export const attachments: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/attachments',
    takesFile: true,
    async answer({ file, origin }, v1) {
      const made = await v1.ask(UploadAttachmentRoute, { file });
      return { status: 201, body: shown(made, await linkAfterwards(v1, origin, made.id)) };
    },
  },
  {
    method: 'GET',
    path: '/attachments/{id}',
    async answer({ params: { id = '' }, origin }, v1) {
      const found = await v1.ask(GetAttachmentRoute, { params: { id } });
      return { status: 200, body: shown(found, (await downloadLink(v1, origin, id)).url) };
    },
  },
];
