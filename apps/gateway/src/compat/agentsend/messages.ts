import {
  AGENTSEND_STATUSES,
  agentSendMessage,
  DeleteMessageRoute,
  type DeliveryStatus,
  ListInboxMessagesRoute,
  SendMessageRoute,
  toldAsAgentSend,
} from '@postern/contracts';
import { z } from 'zod';
import { type FieldNames, inFieldsOf } from '../field-names.js';
import type { FrontRoute } from '../front.js';
import { getMessage } from '../get-message.js';
import { entriesOf, newestFirst, offsetPage, offsetQuery } from '../offset-page.js';

const addresses = z.array(z.string());
const SendBody = z.strictObject({
  to: addresses,
  cc: addresses.optional(),
  bcc: addresses.optional(),
  subject: z.string(),
  bodyText: z.string().optional(),
  bodyHtml: z.string().optional(),
  threadId: z.string().optional(),
  attachmentIds: z.array(z.string()).optional(),
});
const SEND_NAMES: FieldNames = [
  [/^text\b/, 'bodyText'],
  [/^html\b/, 'bodyHtml'],
  [/^thread_id\b/, 'threadId'],
  [/^attachments(\[\d+\])\.id$/, 'attachmentIds$1'],
  [/^attachments\b/, 'attachmentIds'],
];
const ListQuery = z.strictObject({ ...offsetQuery, status: z.enum(AGENTSEND_STATUSES).optional() });

export const messages: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/inboxes/{inboxId}/messages',
    async answer({ params: { inboxId: inbox = '' }, body }, v1) {
      const { bodyText: text, bodyHtml: html, threadId, attachmentIds, ...same } = SendBody.parse(body);
      const attachments = attachmentIds?.map((id) => ({ id }));
      const asked = v1.ask(SendMessageRoute, {
        params: { inbox },
        body: { ...same, text, html, thread_id: threadId, attachments },
      });
      return { status: 202, body: agentSendMessage(await inFieldsOf(SEND_NAMES, asked)) };
    },
  },
  {
    method: 'GET',
    path: '/inboxes/{inboxId}/messages',
    async answer({ params: { inboxId: inbox = '' }, query }, v1) {
      const { status, ...wish } = ListQuery.parse(query);
      const read = (delivery_status?: DeliveryStatus) =>
        entriesOf(v1, ListInboxMessagesRoute, { params: { inbox }, query: { delivery_status } });
      const list = status === undefined ? read() : newestFirst(toldAsAgentSend(status).map(read));
      return { status: 200, body: await offsetPage(list, wish, agentSendMessage) };
    },
  },
  {
    method: 'GET',
    path: '/messages/{id}',
    async answer({ params: { id = '' } }, v1) {
      return { status: 200, body: agentSendMessage(await getMessage(v1, id)) };
    },
  },
  {
    method: 'DELETE',
    path: '/messages/{id}',
    async answer({ params: { id = '' } }, v1) {
      await v1.ask(DeleteMessageRoute, { params: { id } });
      return { status: 204 };
    },
  },
];
