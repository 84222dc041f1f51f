import type { InboundMail } from '@postern/contracts';
import { mailAttachment, scannedAttachment, type ReadDocument } from './attachment-text.js';
import { Clip } from './clip.js';
import { withDerived } from './derived.js';
import { headerFields } from './header-fields.js';
import { htmlChannels } from './html/html-channels.js';
import type { MailParts, ScannedAttachment, ScannedMail } from './scanned-mail.js';

export interface InboundParts {
  mail: InboundMail;
  /** The octets as they came in. */
  raw: Uint8Array;
  /** Octets of attachment `index`; asked for one after the other, so that a mail is not in memory twice. */
  attachment: (index: number) => Promise<Uint8Array>;
  readDocument: ReadDocument;
}

/** Brings an inbound mail, which ingest has parsed, into the form that checks read. */
export async function scannedFromInbound({ mail, raw, attachment, readDocument }: InboundParts): Promise<ScannedMail> {
  const clip = new Clip();
  const { fields, cut } = headerFields(raw);
  if (cut) clip.note('headers');
  const attachments: ScannedAttachment[] = [];
  for (const [index, { filename, contentType }] of mail.attachments.entries()) {
    const named = mailAttachment({ filename, contentType, bytes: await attachment(index) });
    attachments.push(scannedAttachment(named, await readDocument(named), index + 1, clip));
  }
  const scanned: MailParts = {
    direction: 'inbound',
    sizeBytes: raw.byteLength,
    headers: fields,
    sender: {
      address: mail.from.address,
      name: mail.from.name ?? '',
      replyTo: mail.replyTo.map(({ address }) => address),
      aligned: mail.authentication?.aligned ?? null,
    },
    providerScan: mail.providerScan ?? null,
    subject: clip.text('subject', mail.subject ?? ''),
    text: clip.text('text', mail.text ?? ''),
    html: mail.html === null ? null : htmlChannels(mail.html, clip),
    attachments,
    parseError: mail.parseError,
    cut: clip.channels,
  };
  return withDerived(scanned);
}
