import { randomUUID } from 'node:crypto';

// As seen in real ids: the first four digits name the region.
const REGION_PREFIX: Record<string, string> = { 'us-east-1': '0100', 'us-west-2': '0101', 'eu-west-1': '0102' };
const OTHER_REGION_PREFIX = '0110';

/**
 * An id in SES's form: region and time in 16 hex digits, a UUID, a counter.
 * Feedback ids have the same form.
 */
export const createSesId = (region: string, at: Date): string => {
  const time = at.getTime().toString(16).padStart(12, '0');
  return `${REGION_PREFIX[region] ?? OTHER_REGION_PREFIX}${time}-${randomUUID()}-000000`;
};

/** The Message-ID header that SES writes for an id. */
export const messageIdHeader = (region: string, messageId: string): string =>
  `<${messageId}@${region === 'us-east-1' ? 'email' : region}.amazonses.com>`;
