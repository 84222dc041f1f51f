import { GetAttachmentRoute, sentviaFile } from '@postern/contracts';
import { downloadLink } from '../download-link.js';
import type { FrontRoute } from '../front.js';

export const attachmentRoutes: readonly FrontRoute[] = [
  {
    method: 'GET',
    path: '/attachments/{id}',
    async answer({ params, origin }, v1) {
      const id = params['id'] ?? '';
      const attachment = await v1.ask(GetAttachmentRoute, { params: { id } });
      const { url, expiresAt: expires_at } = await downloadLink(v1, origin, id);
      return { status: 200, body: { ...sentviaFile(attachment), url, expires_at } };
    },
  },
];
