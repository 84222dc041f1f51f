import type { Unreadable } from '../../extract/extraction.js';
import { finding, type Check } from '../check.js';

const METHOD = 'attachment_text';

/**
 * How much it means, and why. People send documents under a password, and broken ones; a document that takes more than is
 * allowed was not looked at, as what is cut off, and weighs the same.
 */
const MEANING: Readonly<Record<Unreadable, readonly [confidence: number, why: string]>> = {
  encrypted: [0.2, 'it is encrypted'],
  corrupt: [0.2, 'it is broken'],
  too_large: [0.6, 'it unpacks to more than is looked at'],
  timeout: [0.6, 'it takes too long to read'],
  memory: [0.6, 'it takes too much memory to read'],
  crashed: [0.6, 'reading it fails'],
};

/** Says which documents could not be read: what they say was not scanned. */
export const attachmentTextCheck: Check = {
  name: METHOD,
  direction: 'both',
  run: (mail) =>
    mail.attachments.flatMap(({ unreadable }, index) => {
      if (unreadable === null) return [];
      const [confidence, why] = MEANING[unreadable];
      return [
        finding(METHOD, 'suspicious', confidence, `The text of attachment ${index + 1} was not scanned: ${why}.`),
      ];
    }),
};
