import { convert } from 'html-to-text';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { Address, SendMessageBody } from '@postern/contracts';
import type { PlannedAttachment } from './send-attachments.js';

/** What goes into the MIME of an outbound message. Bcc is no part of it. */
export interface Composition {
  from: Address;
  ownMessageId: string;
  inReplyTo: string | null;
  references: string[];
  date: Date;
  body: SendMessageBody;
  text: string;
  attachments: readonly PlannedAttachment[];
}

/** Nothing inside a message may be fetched from elsewhere: content is what the caller sent. */
const CLOSED = { disableFileAccess: true, disableUrlAccess: true };

const header = ({ address, name }: Address) => ({ address, name: name ?? '' });

/** The plain text part: the caller's own, or one made from the HTML. */
export function textOf(body: Pick<SendMessageBody, 'text' | 'html'>): string {
  return body.text ?? convert(body.html ?? '', { wordwrap: false, selectors: [{ selector: 'img', format: 'skip' }] });
}

/**
 * Builds the MIME, once: these octets are hashed, scanned and handed to SES.
 * Our own Message-ID stands in References too, because SES replaces Message-ID and leaves References be.
 */
export async function composeMime(message: Composition): Promise<Buffer> {
  const { body } = message;
  const composer = new MailComposer({
    ...CLOSED,
    from: header(message.from),
    to: body.to.map(header),
    ...(body.cc ? { cc: body.cc.map(header) } : {}),
    ...(body.reply_to ? { replyTo: body.reply_to.map(header) } : {}),
    subject: body.subject ?? '',
    date: message.date,
    messageId: message.ownMessageId,
    ...(message.inReplyTo === null ? {} : { inReplyTo: message.inReplyTo }),
    references: [...message.references, message.ownMessageId],
    headers: body.headers ?? {},
    text: message.text,
    ...(body.html === undefined ? {} : { html: body.html }),
    attachments: message.attachments.map(({ stored, content }) => ({
      ...CLOSED,
      filename: stored.filename,
      contentType: stored.content_type,
      content,
      ...(stored.content_id === null ? {} : { cid: stored.content_id }),
      contentDisposition: stored.disposition,
    })),
  });
  return composer.compile().build();
}
