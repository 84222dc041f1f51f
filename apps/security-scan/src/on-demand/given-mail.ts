import type { Address, ScanBody } from '@postern/contracts';
import { sha256 } from '@postern/eventing';
import type { GivenMail } from '../content/mail-reader.js';

/** Nobody in particular (RFC 2606 §2): checks of the sender have nothing to find. */
const NOBODY: Address = { address: 'nobody@sender.invalid', name: null };
const UNKNOWN_TYPE = 'application/octet-stream';

/** Puts what was given into the form of a mail that came in. */
export function givenMail(body: ScanBody): GivenMail {
  const { from = NOBODY, to = [], cc = [], reply_to: replyTo = [], subject = null, text = null, html = null } = body;
  const files = (body.attachments ?? []).map(({ filename, content_type, content }) => ({
    filename,
    contentType: content_type ?? UNKNOWN_TYPE,
    bytes: Buffer.from(content, 'base64'),
  }));
  return {
    raw: Buffer.from(headerOf({ from: [from], 'reply-to': replyTo, to, cc })),
    attachments: files.map(({ bytes }) => bytes),
    mail: {
      messageIdHeader: null,
      inReplyTo: [],
      references: [],
      from,
      to,
      cc,
      replyTo,
      subject,
      text,
      html,
      date: null,
      attachments: files.map(({ filename, contentType, bytes }) => ({
        filename,
        contentType,
        disposition: 'attachment',
        contentId: null,
        content: { sha256: sha256(bytes), sizeBytes: bytes.byteLength },
      })),
      authentication: null,
      parseError: null,
    },
  };
}

/** As a mail would have it, a line for each address: there is no MIME whose structure could be wrong. */
function headerOf(people: Readonly<Record<string, readonly Address[]>>): string {
  const fields = Object.entries(people).filter(([, list]) => list.length > 0);
  return fields
    .map(([name, list]) => `${name}: ${list.map(({ address }) => `<${address}>`).join(',\r\n ')}\r\n`)
    .concat('\r\n')
    .join('');
}
