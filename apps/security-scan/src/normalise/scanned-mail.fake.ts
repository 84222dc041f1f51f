import { mailAttachment, scannedAttachment } from './attachment-text.js';
import { Clip } from './clip.js';
import { withDerived } from './derived.js';
import { headerFields } from './header-fields.js';
import { htmlChannels } from './html/html-channels.js';
import type { Extraction } from '../extract/extraction.js';
import type { MailParts, ScannedMail } from './scanned-mail.js';

export interface FakeMail extends Partial<
  Pick<ScannedMail, 'direction' | 'sender' | 'providerScan' | 'subject' | 'text' | 'sizeBytes' | 'parseError' | 'cut'>
> {
  html?: string;
  /** Header lines in place of those of a plain mail. */
  headers?: string;
  /** With what came of reading one as a document; left out: it is none. */
  attachments?: { filename: string; contentType: string; bytes: Uint8Array; extraction?: Extraction }[];
}

const PLAIN_HEADERS = 'From: Ann <ann@example.com>\nTo: bob@example.com\nSubject: Hi\nMIME-Version: 1.0\n';

/** For unit specs that read no documents. */
export const noDocuments = async (): Promise<null> => null;

/** For unit specs: an outbound mail in the form that checks read, made from its parts. */
export function outboundMail({ html, headers, attachments, ...fields }: FakeMail): ScannedMail {
  const clip = new Clip();
  const mail: MailParts = {
    direction: 'outbound',
    sizeBytes: 1000,
    sender: { address: 'ann@example.com', name: 'Ann', replyTo: [], aligned: null },
    headers: headerFields(Buffer.from(headers ?? PLAIN_HEADERS)).fields,
    providerScan: null,
    subject: '',
    text: '',
    html: html === undefined ? null : htmlChannels(html, clip),
    attachments: (attachments ?? []).map(({ extraction = null, ...attachment }, index) =>
      scannedAttachment(mailAttachment(attachment), extraction, index + 1, clip),
    ),
    parseError: null,
    cut: clip.channels,
    ...fields,
  };
  return withDerived(mail);
}
