import { visibleHtml } from '@postern/mail-html';
import { MailParser, type Attachment, type ParsedMail, type SimpleParserOptions } from 'mailparser';

/** Making text from HTML costs time and stack with its length and depth; of longer HTML the text is that of its beginning. */
const HTML_TO_TEXT_MAX_CHARS = 1024 * 1024;

/** What mailparser makes of a mail; `headers` names `from`, `to`, `subject` and the like as its `ParsedMail` does. */
export type Mail = Partial<Pick<ParsedMail, 'text' | 'html' | 'from' | 'to' | 'cc' | 'replyTo' | 'subject'>> & {
  attachments: Attachment[];
};

/** A part as mailsplit, below mailparser, has found it. */
interface Part {
  contentType: string | false;
  disposition: string | false;
  filename: string | false;
  multipart: string | false;
  /** Whether it is the whole mail. */
  root?: boolean;
  parentNode: Part | false;
  headers: { hasHeader(name: string): boolean };
  textContent?: string | false;
  children?: Part[];
}

declare module 'mailparser' {
  interface MailParser {
    options: SimpleParserOptions;
    tree: Part;
    hasText: boolean;
    createNode(part: Part): unknown;
    getTextContent(): object & { text?: string };
  }
}

/**
 * mailparser with two rules of MIME that it does not keep, and with a text for every mail that has HTML alone, which has what
 * a person sees.
 */
class PartReader extends MailParser {
  override createNode(part: Part): unknown {
    // RFC 2046 §5.1.5: in a digest, a part that names no type is a mail.
    const inDigest = part.parentNode !== false && part.parentNode.multipart === 'digest';
    if (inDigest && !part.headers.hasHeader('content-type')) part.contentType = 'message/rfc822';
    // RFC 2183 §2.3: what has a file name is meant to be a file, also where it may be shown.
    if (part.filename !== false && part.contentType !== false && part.contentType.startsWith('text/')) {
      part.disposition = 'attachment';
    }
    return super.createNode(part);
  }

  /** The HTML comes as it was written; the text that is made of it does not say what a person does not see. */
  override getTextContent(): object & { text?: string } {
    const makesText = this.options.skipHtmlToText !== true;
    this.options.skipHtmlToText = true;
    const written = super.getTextContent();
    if (!makesText) return written;
    this.options.skipHtmlToText = false;
    leaveOnlyVisible(this.tree);
    // mailparser makes text of HTML only where it is the whole mail, not beside pictures, files or an empty text.
    if (written.text === undefined || written.text.trim() === '') {
      this.hasText = false;
      standAlone(this.tree);
    }
    const { text } = super.getTextContent();
    return text === undefined ? written : { ...written, text };
  }
}

function leaveOnlyVisible(part: Part): void {
  if (part.contentType === 'text/html' && typeof part.textContent === 'string') {
    part.textContent = visibleHtml(part.textContent, HTML_TO_TEXT_MAX_CHARS).html;
  }
  for (const child of part.children ?? []) leaveOnlyVisible(child);
}

/** Has each HTML part taken for a whole mail. */
function standAlone(part: Part): void {
  if (part.contentType === 'text/html') part.root = true;
  for (const child of part.children ?? []) standAlone(child);
}

/** Reads a mail with its attachments. @throws what mailparser throws, such as for too many parts. */
export function readMime(raw: Buffer, options: SimpleParserOptions): Promise<Mail> {
  return new Promise((resolve, reject) => {
    const mail: Mail = { attachments: [] };
    const parser = new PartReader(options);
    parser.on('error', reject);
    parser.on('headers', (headers) => {
      Object.assign(mail, {
        from: headers.get('from'),
        to: headers.get('to'),
        cc: headers.get('cc'),
        replyTo: headers.get('reply-to'),
        subject: headers.get('subject'),
      });
    });
    parser.on('data', (data) => {
      if (data.type === 'text') {
        mail.text = data.text;
        mail.html = data.html;
        return;
      }
      const chunks: Buffer[] = [];
      data.content.on('data', (chunk: Buffer) => chunks.push(chunk));
      data.content.on('end', () => {
        mail.attachments.push({ ...data, content: Buffer.concat(chunks) });
        // The parser waits for it.
        data.release();
      });
    });
    parser.on('end', () => resolve(mail));
    parser.end(raw);
  });
}
