import { ListInboxMessagesRoute, ReplyRoute, SendMessageRoute, sendookMessage } from '@postern/contracts';
import { z } from 'zod';
import { downloadLink } from '../download-link.js';
import { everyEntry } from '../every-entry.js';
import type { FrontRoute } from '../front.js';
import { getMessage } from '../get-message.js';
import { unlessForbidden } from '../unless-forbidden.js';
import { found, inInbox } from './found.js';
import { wholeList } from './whole-list.js';

/** The name of a file that has none. */
const UNNAMED = 'attachment';

const addresses = z.array(z.string());
const content = { text: z.string(), html: z.string() };
const SendBody = z.strictObject({
  to: addresses.min(1),
  cc: addresses.optional(),
  bcc: addresses.optional(),
  subject: z.string(),
  ...content,
  labels: z.array(z.string()).optional(),
  attachments: z
    .array(z.strictObject({ content: z.string(), name: z.string().optional(), contentType: z.string().optional() }))
    .optional(),
});
const ReplyBody = z.strictObject(content);
const ListQuery = z.strictObject({ query: z.string().optional() });

export const messages: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/inboxes/{inboxId}/messages/send',
    hourlyLimit: 'COMPAT_SENDOOK_SENDS_PER_HOUR',
    async answer({ params: { inboxId = '' }, body }, v1) {
      const { attachments, ...message } = SendBody.parse(body);
      const files = attachments?.map(({ content: octets, name, contentType }) => ({
        filename: name ?? UNNAMED,
        content_type: contentType,
        content: octets,
      }));
      const sent = v1.ask(SendMessageRoute, {
        params: { inbox: inboxId },
        body: { ...message, attachments: files },
      });
      return { status: 202, body: sendookMessage(await found('Inbox', sent)) };
    },
  },
  {
    method: 'POST',
    path: '/inboxes/{inboxId}/messages/{messageId}/reply',
    hourlyLimit: 'COMPAT_SENDOOK_SENDS_PER_HOUR',
    async answer({ params: { inboxId = '', messageId = '' }, body }, v1) {
      const reply = ReplyBody.parse(body);
      const { id } = await inInbox(v1, inboxId, 'Message', getMessage(v1, messageId));
      return { status: 202, body: sendookMessage(await v1.ask(ReplyRoute, { params: { id }, body: reply })) };
    },
  },
  {
    method: 'GET',
    path: '/inboxes/{inboxId}/messages',
    async answer({ params: { inboxId = '' }, query }, v1) {
      const { query: words } = ListQuery.parse(query);
      const q = words?.trim() === '' ? undefined : words;
      const list = everyEntry(v1, ListInboxMessagesRoute, { params: { inbox: inboxId }, query: { q } });
      return wholeList(await found('Inbox', list), sendookMessage);
    },
  },
  {
    method: 'GET',
    path: '/inboxes/{inboxId}/messages/{messageId}',
    async answer({ params: { inboxId = '', messageId = '' }, origin }, v1) {
      const message = sendookMessage(await inInbox(v1, inboxId, 'Message', getMessage(v1, messageId)));
      const attachments = await Promise.all(
        message.attachments.map(async (file) => ({
          ...file,
          ...(await unlessForbidden(downloadLink(v1, origin, file.id), {})),
        })),
      );
      return { status: 200, body: { ...message, attachments } };
    },
  },
];
