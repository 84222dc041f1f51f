import { writeAddress } from '../address.js';
import type { MessageToTell } from './message.js';

export type SecureAgentMailStatus = 'clean' | 'flagged' | 'withheld';

/** What nobody has judged yet, waits for a person or was refused went nowhere: this system's word for all of it is `withheld`. */
export function secureAgentMailStatus({
  security_status,
  delivery_status,
}: Pick<MessageToTell, 'security_status' | 'delivery_status'>): SecureAgentMailStatus {
  const wentNowhere = delivery_status === 'held' || delivery_status === 'rejected';
  return wentNowhere || (security_status !== 'clean' && security_status !== 'flagged') ? 'withheld' : security_status;
}

/** Received mail is known sanitised only, so both bodies are that; HTML where there is no text. */
const bodyOf = ({ text, html }: MessageToTell): string | null => text ?? html ?? null;

/** A message in SecureAgentMail's fields. */
export const secureAgentMailMessage = (message: MessageToTell) => ({
  id: message.id,
  inbox_id: message.inbox_id,
  thread_id: message.thread_id,
  direction: message.direction,
  from: writeAddress(message.from),
  to: message.to.map(writeAddress).join(', '),
  subject: message.subject,
  body: bodyOf(message),
  body_sanitized: bodyOf(message),
  status: secureAgentMailStatus(message),
  security_analysis: message.security,
  has_attachments: message.has_attachments,
  created_at: message.created_at,
});
