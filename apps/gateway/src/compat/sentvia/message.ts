import type { Attachment } from '@postern/contracts';
import type { z } from 'zod';
import { downloadLink } from '../download-link.js';
import type { MessageJson } from '../get-message.js';
import { unlessForbidden } from '../unless-forbidden.js';
import type { V1 } from '../v1.js';
import { labelOf } from './label.js';

type AttachmentJson = z.input<typeof Attachment>;

const addresses = (list: MessageJson['to']): string[] => list.map(({ address }) => address);

/** Two pages of Sentvia give the type two names: both. @param url  null where the key may not have the content */
export const attachmentOf = ({ id, filename, content_type, size }: AttachmentJson, url: string | null) => ({
  id,
  filename,
  content_type,
  mime_type: content_type,
  size_bytes: size,
  url,
});

/** What became of each recipient: Sentvia leaves out those whom it drops, and says nothing of it. */
export const outcomesOf = ({ recipients }: MessageJson) =>
  recipients.map(({ address, role, status, reason }) => ({ address, role, status, reason }));

/** @param urls  of its attachments by their ids; where there is none, no link is shown. */
export const messageOf = (message: MessageJson, urls: ReadonlyMap<string, string | null> = new Map()) => ({
  id: message.id,
  inbox_id: message.inbox_id,
  thread_id: message.thread_id,
  direction: message.direction,
  from_addr: message.from.address,
  to_addrs: addresses(message.to),
  cc_addrs: addresses(message.cc),
  bcc_addrs: addresses(message.bcc),
  subject: message.subject,
  body_text: message.text,
  body_html: message.html,
  delivery_status: message.delivery_status,
  security_status: message.security_status,
  recipients: outcomesOf(message),
  labels: message.labels.map(labelOf),
  attachments: message.attachments.map((attachment) => attachmentOf(attachment, urls.get(attachment.id) ?? null)),
  message_id: message.message_id_header,
  ses_message_id: message.provider_message_id,
  in_reply_to: message.in_reply_to,
  references: message.references,
  created_at: message.created_at,
});

export type SentviaMessage = ReturnType<typeof messageOf>;

/**
 * The message with a link to each attachment; those of withheld mail need another scope than the message.
 * @param origin  as the front's request has it.
 * @throws Problem a refusal.
 */
export async function messageWithLinks(v1: V1, origin: string, message: MessageJson): Promise<SentviaMessage> {
  const links = await Promise.all(
    message.attachments.map(async ({ id }) => {
      const link = await unlessForbidden(downloadLink(v1, origin, id), null);
      return [id, link?.url ?? null] as const;
    }),
  );
  return messageOf(message, new Map(links));
}
