/** SES's first region has a name of its own in the Message-ID. */
const FIRST_REGION = 'us-east-1';

/**
 * The Message-ID that recipients see and replies name. SES replaces the one in the MIME.
 * @param sesMessageId  as the API returns it, bare.
 * Source: SES developer guide, "Header fields"; observed on the wire.
 */
export const wireMessageId = (region: string, sesMessageId: string): string =>
  `<${sesMessageId}@${region === FIRST_REGION ? 'email' : region}.amazonses.com>`;
