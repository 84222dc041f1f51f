import type { ScannedAttachment, ScannedMail } from '../../normalise/scanned-mail.js';
import { finding, type Check, type Finding } from '../check.js';
import { extensionsOf, RUNS, TRUSTED } from './extensions.js';
import { sniff, type FileKind } from './file-signatures.js';

/** What a declared type may turn out to be. Types that are not listed say nothing about their bytes. */
const EXPECTED: readonly [RegExp, readonly FileKind[]][] = [
  [/^image\//, ['png', 'jpeg', 'gif', 'webp']],
  [/^application\/pdf$/, ['pdf']],
  [/^application\/vnd\.openxmlformats-/, ['zip', 'ole']],
  [/^application\/(msword|vnd\.ms-(excel|powerpoint))$/, ['ole', 'zip', 'rtf', 'html']],
  [/^(text\/(plain|csv|calendar)|application\/json)$/, ['html']],
  [/^(audio|video|font)\//, []],
];

// Marks that make the rest of a name run from right to left (Unicode Annex #9 §2): "exe.fdp" reads "pdf.exe" backwards.
const BIDI_CONTROL = /[\u202a-\u202e\u2066-\u2069]/;

const METHOD = 'attachment_type';
const suspicious = (confidence: number, detail: string): Finding => finding(METHOD, 'suspicious', confidence, detail);

/** Looks for attachments that are something else than they say, or that run when opened. */
export const attachmentTypeCheck: Check = {
  name: METHOD,
  direction: 'both',
  run: (mail: ScannedMail) =>
    mail.attachments.flatMap((attachment, index) => ofAttachment(attachment, `Attachment ${index + 1}`)),
};

function ofAttachment(attachment: ScannedAttachment, which: string): Finding[] {
  const found: Finding[] = [];
  const sniffed = sniff(attachment.head);
  // A text that begins with "MZ" is no program: those hold NUL.
  const kind = sniffed === 'executable' && attachment.text !== null ? null : sniffed;
  const declared = EXPECTED.find(([type]) => type.test(attachment.contentType));
  const disguised = kind !== null && declared !== undefined && !declared[1].includes(kind);
  if (kind === 'executable' || kind === 'shortcut') {
    if (disguised) found.push(finding(METHOD, 'malicious', 0.95, `${which} says it is a document and is a program.`));
    else found.push(suspicious(0.8, `${which} is a program.`));
  } else if (disguised) {
    found.push(suspicious(0.55, `${which} is declared as ${familyOf(attachment.contentType)} and is ${kind}.`));
  }
  return [...found, ...ofName(attachment.filename, which)];
}

const familyOf = (contentType: string): string => (contentType.startsWith('image/') ? 'an image' : 'another type');

function ofName(filename: string, which: string): Finding[] {
  const found: Finding[] = [];
  if (BIDI_CONTROL.test(filename)) found.push(suspicious(0.9, `${which} has a name that reads backwards.`));
  const extensions = extensionsOf(filename);
  const last = extensions.at(-1) ?? '';
  if (!RUNS.has(last)) return found;
  const behind = extensions.length === 2 && TRUSTED.has(extensions[0] ?? '');
  found.push(
    behind
      ? suspicious(0.95, `${which} hides the extension ${last} behind another one.`)
      : suspicious(0.6, `${which} has the extension ${last}, which runs when opened.`),
  );
  return found;
}
