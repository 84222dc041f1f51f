import { type Attachment, writeAddress } from '@postern/contracts';
import type { z } from 'zod';
import type { MessageJson } from '../get-message.js';
import { labelsOf } from './labels.js';
import { present } from './words.js';

/** As long as a line of a list. */
const PREVIEW_CHARS = 200;

const octets = (text: string | null): number => Buffer.byteLength(text ?? '');

/** Of what can be read and opened: the mail itself is somewhat larger. */
export const sizeOf = ({ text, html, attachments }: MessageJson): number =>
  octets(text) + octets(html) + attachments.reduce((sum, { size }) => sum + size, 0);

export const previewOf = (text: string | null): string | undefined =>
  text === null ? undefined : text.replaceAll(/\s+/g, ' ').trim().slice(0, PREVIEW_CHARS);

export const addressList = (list: MessageJson['to']): string[] | undefined =>
  list.length === 0 ? undefined : list.map(writeAddress);

export const shownAttachment = (attachment: z.input<typeof Attachment>): object =>
  present({
    attachment_id: attachment.id,
    filename: attachment.filename === '' ? undefined : attachment.filename,
    size: attachment.size,
    content_type: attachment.content_type,
    content_disposition: attachment.disposition,
    content_id: attachment.content_id,
  });

/** A message as it stands in lists. @param inboxId  the address of its inbox. */
export const shownItem = (message: MessageJson, inboxId: string) =>
  present({
    inbox_id: inboxId,
    thread_id: message.thread_id,
    message_id: message.id,
    labels: labelsOf(message),
    timestamp: message.created_at,
    from: writeAddress(message.from),
    to: message.to.map(writeAddress),
    cc: addressList(message.cc),
    bcc: addressList(message.bcc),
    subject: message.subject,
    preview: previewOf(message.text),
    attachments: message.attachments.length === 0 ? undefined : message.attachments.map(shownAttachment),
    in_reply_to: message.in_reply_to,
    references: message.references.length === 0 ? undefined : message.references,
    size: sizeOf(message),
    updated_at: message.updated_at,
    created_at: message.created_at,
  });

/** What of an answer is new, without history and signature. */
const newText = ({ text_parts: parts }: MessageJson): string | undefined =>
  parts.length === 0 ? undefined : parts.flatMap(({ kind, text }) => (kind === 'new' ? [text] : [])).join('\n');

export const shownMessage = (message: MessageJson, inboxId: string) => ({
  ...shownItem(message, inboxId),
  ...present({
    reply_to: addressList(message.reply_to),
    text: message.text,
    html: message.html,
    extracted_text: newText(message),
  }),
});
