import type { ScannedAttachment, ScannedMail } from '../../normalise/scanned-mail.js';
import { extensionsOf, RUNS, TRUSTED } from '../attachment-type/extensions.js';
import { finding, type Check, type Finding } from '../check.js';

const METHOD = 'attachment_content';
/** Names under which people expect no program. */
const WITHOUT_MACROS = new Set(['docx', 'xlsx', 'pptx', 'dotx', 'xltx', 'odt', 'ods']);

const suspicious = (confidence: number, detail: string): Finding => finding(METHOD, 'suspicious', confidence, detail);

/** Looks for programs inside attachments: macros of Office documents, and what archives hold that runs when opened. */
export const attachmentContentCheck: Check = {
  name: METHOD,
  direction: 'both',
  run: (mail: ScannedMail) =>
    mail.attachments.flatMap((attachment, index) => {
      const which = `Attachment ${index + 1}`;
      return [...ofMacros(attachment, which), ...ofArchive(attachment, which)];
    }),
};

function ofMacros({ macros, filename }: ScannedAttachment, which: string): Finding[] {
  if (!macros) return [];
  return WITHOUT_MACROS.has(extensionsOf(filename).at(-1) ?? '')
    ? [suspicious(0.9, `${which} holds a macro, and its name says that it holds none.`)]
    : [suspicious(0.65, `${which} holds a macro.`)];
}

function ofArchive({ archive }: ScannedAttachment, which: string): Finding[] {
  if (archive === null) return [];
  const found: Finding[] = [];
  const running = archive.names.map(extensionsOf).filter((extensions) => RUNS.has(extensions.at(-1) ?? ''));
  const disguised = running.some((extensions) => extensions.length === 2 && TRUSTED.has(extensions[0] ?? ''));
  if (running.length > 0) {
    found.push(
      disguised
        ? suspicious(0.95, `${which} is an archive with a program that has the name of a document.`)
        : suspicious(0.75, `${which} is an archive with something that runs when opened.`),
    );
  }
  if (archive.encrypted)
    found.push(suspicious(0.5, `${which} is an archive under a password: nobody could look into it.`));
  if (archive.cut) found.push(suspicious(0.3, `${which} is an archive with more in it than is looked at.`));
  return found;
}
