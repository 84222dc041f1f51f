import type { MailAttachment } from '../normalise/attachment-text.js';
import type { ExtractedText, ExtractedTextKey } from '../store/extracted-text.store.js';
import { formatOf, isEncryptedOffice } from './document-format.js';
import { unreadable, type Extraction, type ExtractionJob } from './extraction.js';
import {
  ATTACHMENT_TIME_MAX_MS,
  INPUT_MAX_BYTES,
  MAIL_TEXT_MAX_CHARS,
  MAIL_TIME_MAX_MS,
  TEXT_MAX_CHARS,
} from './limits.js';

/** Where readings come from. */
export interface Readings {
  /** @returns null when nobody has read it before. */
  find(key: ExtractedTextKey): Promise<Extraction | null>;
  extract(job: ExtractionJob): Promise<Extraction>;
}

/** The attachments of one mail, with what is left of its time and length. Costs nothing until there is one to read. */
export class MailReading {
  private readonly known = new Map<string, ExtractedText>();
  private leftMs = MAIL_TIME_MAX_MS;
  private leftChars = MAIL_TEXT_MAX_CHARS;

  constructor(
    private readonly tenant: Pick<ExtractedTextKey, 'organization_id' | 'mode'>,
    private readonly readings: Readings,
  ) {}

  /** What is worth keeping, so that nobody has to read the same octets again. */
  get lasting(): ExtractedText[] {
    return [...this.known.values()].filter(({ extraction }) => isLasting(extraction));
  }

  /** @returns null when the attachment is no document that has a reader. */
  async read(attachment: MailAttachment): Promise<Extraction | null> {
    const { bytes, sha256 } = attachment;
    if (isEncryptedOffice(bytes)) return unreadable('encrypted');
    const format = formatOf(attachment);
    if (format === null) return null;
    const id = `${format} ${sha256}`;
    const before = this.known.get(id);
    if (before !== undefined) return before.extraction;
    const key = { ...this.tenant, sha256, format };
    const extraction = (await this.readings.find(key)) ?? (await this.extract({ format, bytes }));
    if (extraction.status === 'read') this.leftChars -= extraction.text.length;
    this.known.set(id, { ...key, extraction });
    return extraction;
  }

  private async extract({ format, bytes }: Pick<ExtractionJob, 'format' | 'bytes'>): Promise<Extraction> {
    if (bytes.byteLength > INPUT_MAX_BYTES || this.leftChars <= 0) return unreadable('too_large');
    if (this.leftMs <= 0) return unreadable('timeout');
    const startedAt = performance.now();
    const extraction = await this.readings.extract({
      format,
      bytes,
      timeMs: Math.min(ATTACHMENT_TIME_MAX_MS, this.leftMs),
      maxChars: Math.min(TEXT_MAX_CHARS, this.leftChars),
    });
    this.leftMs -= performance.now() - startedAt;
    return extraction;
  }
}

/** Longer texts are read again: a batch of mails holds what it will keep in memory. */
const KEPT_MAX_CHARS = 100_000;

/** A whole reading, or a failure that would be the same again. The rest depends on the hour and on the other attachments. */
const isLasting = (extraction: Extraction): boolean =>
  extraction.status === 'read'
    ? !extraction.truncated && extraction.text.length <= KEPT_MAX_CHARS
    : extraction.reason === 'encrypted' || extraction.reason === 'corrupt';
