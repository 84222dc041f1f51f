import { attachmentContentCheck } from './attachment-content/attachment-content.check.js';
import { attachmentTextCheck } from './attachment-text/attachment-text.check.js';
import { attachmentTypeCheck } from './attachment-type/attachment-type.check.js';
import type { Check } from './check.js';
import { cutContentCheck } from './cut-content/cut-content.check.js';
import { encodedPayloadCheck } from './encoded/encoded-payload.check.js';
import { hiddenTextCheck } from './hidden-text/hidden-text.check.js';
import { boundarySpoofCheck } from './injection/boundary-spoof.check.js';
import { injectionRulesCheck } from './injection/injection-rules.check.js';
import { invisibleUnicodeCheck } from './invisible-unicode/invisible-unicode.check.js';
import { markdownExfilCheck } from './links/markdown-exfil.check.js';
import { phishingLinksCheck } from './links/phishing-links.check.js';
import { malwareMarkerCheck } from './malware-marker/malware-marker.check.js';
import { mimeStructureCheck } from './mime-structure/mime-structure.check.js';
import { phishingFramesCheck } from './phishing/phishing-frames.check.js';
import { senderMismatchCheck } from './phishing/sender-mismatch.check.js';
import { piiCheck } from './pii/pii.check.js';
import { providerSpamCheck } from './provider-spam/provider-spam.check.js';
import { secretsCheck } from './secrets/secrets.check.js';

/** Every check, in the order in which detections are shown when they weigh the same. */
export const ALL_CHECKS: readonly Check[] = [
  malwareMarkerCheck,
  secretsCheck,
  piiCheck,
  injectionRulesCheck,
  boundarySpoofCheck,
  hiddenTextCheck,
  invisibleUnicodeCheck,
  encodedPayloadCheck,
  senderMismatchCheck,
  phishingFramesCheck,
  providerSpamCheck,
  phishingLinksCheck,
  markdownExfilCheck,
  attachmentTypeCheck,
  attachmentContentCheck,
  attachmentTextCheck,
  mimeStructureCheck,
  cutContentCheck,
];

/** Changes with every change of a check or rule that can change a verdict; stored with each verdict. */
export const RULES_VERSION = '2026-11-22.2';
