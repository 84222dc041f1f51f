import { GetRawMessageRoute } from '@postern/contracts';
import { endOfLink } from '../../attachments/signed-links.js';
import type { FrontRoute } from '../front.js';
import { findMessage } from './find-message.js';
import { ok } from './words.js';

/** The mail is read once here: its size is told, and that the key may have it is proven before a link is made. */
export const rawRoutes: FrontRoute[] = [
  {
    method: 'GET',
    path: '/inboxes/{inbox_id}/messages/{message_id}/raw',
    async answer(request, v1) {
      const { message } = await findMessage(v1, request);
      const raw = await v1.octets(GetRawMessageRoute, { params: { id: message.id } });
      const ends = endOfLink();
      return ok({
        message_id: message.id,
        size: raw.byteLength,
        download_url: `${request.origin}/v1/messages/${message.id}/raw?token=${request.tokenFor(message.id)}`,
        expires_at: new Date(ends * 1000).toISOString(),
      });
    },
  },
];
