import { decodedTexts } from './decode/decoded-texts.js';
import { linksOf } from './links.js';
import { channelsAsTheyStand, type MailParts, type ScannedMail } from './scanned-mail.js';

/** The mail with what follows from its parts, once for all checks. */
export const withDerived = (parts: MailParts): ScannedMail => ({
  ...parts,
  decoded: decodedTexts(channelsAsTheyStand(parts)),
  links: linksOf(parts),
});
