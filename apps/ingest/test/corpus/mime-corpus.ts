import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const DIRECTORY = fileURLToPath(new URL('../../../../../shared/corpus/mime/', import.meta.url));

/** The fields that `agree` speaks of: whether both oracles say the same. */
export type CorpusField =
  | 'subject'
  | 'from'
  | 'to'
  | 'message_id'
  | 'attachment_count'
  | 'attachment_types'
  | 'attachment_names'
  | 'text_present'
  | 'html_present';

/** A mail of the corpus, as its `expected.json` describes it. */
export interface CorpusMail {
  file: string;
  agree?: Partial<Record<CorpusField, boolean>>;
  expected: {
    subject: string | null;
    from: { address: string }[];
    to: { address: string }[];
    message_id: string | null;
    attachment_count: number;
    attachments: { filename: string | null; content_type: string }[];
    text: { present: boolean };
    html: { present: boolean };
  };
}

/** The corpus lies beside the repository and is no part of it. */
export const hasCorpus = existsSync(join(DIRECTORY, 'expected.json'));

export const corpusMails = (): CorpusMail[] =>
  (JSON.parse(readFileSync(join(DIRECTORY, 'expected.json'), 'utf8')) as { messages: CorpusMail[] }).messages;

export const octetsOf = (mail: CorpusMail): Buffer => readFileSync(join(DIRECTORY, mail.file));

/**
 * As a mail server sends a file: lines that end in LF end in CR LF. Where both occur the octets are meant to be so, and stay.
 */
export function asSent(raw: Buffer): Buffer {
  const text = raw.toString('latin1');
  const lines = text.includes('\r\n') ? text : text.replaceAll('\n', '\r\n');
  return Buffer.from(lines.endsWith('\r\n') ? lines : `${lines}\r\n`, 'latin1');
}
