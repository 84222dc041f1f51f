import { simpleParser } from 'mailparser';
import { PARSER_OPTIONS } from '../../normalise/from-mime.js';
import type { MessageBody } from '../policy.js';

/**
 * What a message that we composed says, whole and unclipped.
 * @throws when it cannot be parsed: a message whose personal data cannot be seen must not pass.
 */
export async function bodyOf(mime: Uint8Array): Promise<MessageBody> {
  const parsed = await simpleParser(Buffer.from(mime.buffer, mime.byteOffset, mime.byteLength), PARSER_OPTIONS);
  return { subject: parsed.subject ?? '', text: parsed.text ?? null, html: parsed.html || null };
}
