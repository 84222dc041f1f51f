import type { SecurityLevel } from '@postern/contracts';
import { ALL_CHECKS } from '../checks/all-checks.js';
import type { Check } from '../checks/check.js';

/** What nobody may do without: an inbox that only receives is shown what its mail says without a judgement of it, and no malware. */
const AT_EVERY_LEVEL: ReadonlySet<string> = new Set([
  'malware',
  'attachment_type',
  'attachment_content',
  'mime_structure',
]);

/** The checks that look at the mail of an inbox. @param level  absent when it is not known: then every one does. */
export const checksOfLevel = (level: SecurityLevel | undefined): readonly Check[] =>
  level === 'receive_only' ? ALL_CHECKS.filter(({ name }) => AT_EVERY_LEVEL.has(name)) : ALL_CHECKS;
