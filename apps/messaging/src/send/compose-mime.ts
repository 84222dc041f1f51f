import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import type { Address, SendMessageBody } from '@postern/contracts';
import { attachmentPart } from './attachment-part.js';
import { referencesValue, subjectValue } from './header-values.js';
import { plainTextOf } from './plain-text.js';
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
export const textOf = ({ text, html }: Pick<SendMessageBody, 'text' | 'html'>): string =>
  text ?? plainTextOf(html ?? '');

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
    cc: (body.cc ?? []).map(header),
    replyTo: (body.reply_to ?? []).map(header),
    subject: subjectValue(body.subject ?? ''),
    date: message.date,
    messageId: message.ownMessageId,
    ...(message.inReplyTo === null ? {} : { inReplyTo: message.inReplyTo }),
    references: referencesValue(message.references, message.ownMessageId),
    headers: body.headers ?? {},
    text: asLines(message.text),
    ...(body.html !== undefined && { html: asLines(body.html) }),
    attachments: message.attachments.map((one) => ({ ...CLOSED, ...attachmentPart(one) })),
  });
  return composer.compile().build();
}

/** RFC 5322 §2.3: CR and LF only together, and no NUL. A lone one may end a line, or the whole message, elsewhere. */
const asLines = (text: string): string => text.replaceAll('\0', '').replaceAll(/\r\n?|\n/g, '\r\n');
