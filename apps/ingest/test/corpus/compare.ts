import { safeFilename, type InboundMail } from '@postern/contracts';
import type { CorpusField, CorpusMail } from './mime-corpus.js';

const flat = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').trim();
/** An address without a domain names nobody. Where an oracle failed there is no list. */
const addresses = (list: CorpusMail['expected']['to']): string[] =>
  (Array.isArray(list) ? list : [])
    .map(({ address }) => address.toLowerCase())
    .filter((address) => address.includes('@'));
const bracketed = (id: string | null): string | null => (id === null || id.startsWith('<') ? id : `<${id}>`);
/** Parts without a name get one of ours. */
const GIVEN = /^(?:attachment-\d+|message-\d+\.eml)$/;
const same = (ours: unknown, theirs: unknown): boolean => JSON.stringify(ours) === JSON.stringify(theirs);

/** Which of the fields on which both oracles agree say the same as we do. */
export function compare({ agree = {}, expected }: CorpusMail, mail: InboundMail): Map<CorpusField, boolean> {
  const names = expected.attachments.flatMap(({ filename }) => (filename === null ? [] : safeFilename(filename, '')));
  const fields: Record<CorpusField, boolean> = {
    subject: flat(mail.subject) === flat(expected.subject),
    // One From is one address: the first counts.
    from: mail.from.address.toLowerCase() === (addresses(expected.from)[0] ?? ''),
    to: same(addresses(mail.to), addresses(expected.to)),
    message_id: mail.messageIdHeader === bracketed(expected.message_id),
    attachment_count: mail.attachments.length === expected.attachment_count,
    attachment_types: same(
      mail.attachments.map(({ contentType }) => contentType).toSorted(),
      expected.attachments.map((part) => part.content_type).toSorted(),
    ),
    attachment_names: same(
      mail.attachments.flatMap(({ filename }) => (GIVEN.test(filename) ? [] : filename)).toSorted(),
      names.toSorted(),
    ),
    // Text is made of HTML where there is no other.
    text_present: (mail.text !== null) === expected.text.present || (mail.text !== null && expected.html.present),
    html_present: (mail.html !== null) === expected.html.present,
  };
  const failed = (field: CorpusField): boolean => {
    const { [field as keyof typeof expected]: value } = expected;
    return typeof value === 'object' && value !== null && 'oracle_error' in value;
  };
  const all = Object.entries(fields) as [CorpusField, boolean][];
  return new Map(all.filter(([field]) => agree[field] === true && !failed(field)));
}
