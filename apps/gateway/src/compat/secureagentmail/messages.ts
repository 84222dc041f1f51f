import {
  GetAttachmentRoute,
  ReleaseMessageRoute,
  secureAgentMailMessage,
  secureAgentMailStatus,
} from '@postern/contracts';
import { downloadLink } from '../download-link.js';
import type { FrontRoute } from '../front.js';
import { getMessage } from '../get-message.js';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';
import { mustHoldThread } from './inbox-of-thread.js';
import { listMessages } from './list-messages.js';
import { shownAttachments } from './attachments.js';

/** Its documents name two paths for one message; with an inbox before it, it must be in that inbox. */
const PATHS = ['/messages/{id}', '/inboxes/{slug}/messages/{id}'] as const;

async function messageAt(v1: V1, { slug, id = '' }: Readonly<Record<string, string>>) {
  const message = await getMessage(v1, id);
  if (slug !== undefined) await mustHoldThread(v1, slug, message.thread_id);
  return message;
}

export const messageRoutes: readonly FrontRoute[] = [
  listMessages,
  ...PATHS.flatMap((path): FrontRoute[] => [
    {
      method: 'GET',
      path,
      async answer({ params }, v1) {
        const message = await messageAt(v1, params);
        return { status: 200, body: { ...secureAgentMailMessage(message), attachments: shownAttachments(message) } };
      },
    },
    {
      method: 'POST',
      path: `${path}/release`,
      async answer({ params }, v1) {
        const { slug, id = '' } = params;
        // Not without need: whoever may release need not be allowed to read.
        if (slug !== undefined) await messageAt(v1, params);
        const released = await v1.ask(ReleaseMessageRoute, { params: { id } });
        return {
          status: 200,
          body: { id: released.id, status: secureAgentMailStatus(released), released_at: released.updated_at },
        };
      },
    },
  ]),
  {
    method: 'GET',
    path: '/messages/{id}/attachments',
    async answer({ params }, v1) {
      return { status: 200, body: { attachments: shownAttachments(await messageAt(v1, params)) } };
    },
  },
  {
    method: 'GET',
    path: '/attachments/{id}',
    async answer({ params: { id = '' }, origin }, v1) {
      const { message_id } = await v1.ask(GetAttachmentRoute, { params: { id } });
      // Null: an upload of /v1, which this system does not know.
      const siblings = message_id === null ? [] : shownAttachments(await getMessage(v1, message_id));
      const shown = siblings.find((attachment) => attachment.id === id);
      if (shown === undefined) throw new Problem(404, 'not_found', 'There is no message with such an attachment.');
      const { url, expiresAt } = await downloadLink(v1, origin, id);
      return { status: 200, body: { ...shown, download_url: url, download_url_expires_at: expiresAt } };
    },
  },
];
