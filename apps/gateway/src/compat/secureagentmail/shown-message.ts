import { writeAddress } from '@postern/contracts';
import type { MessageJson } from '../get-message.js';

export type MessageStatus = 'clean' | 'flagged' | 'withheld';

/** What nobody has judged yet, waits for a person or was refused went nowhere: this system's word for all of it is `withheld`. */
export function statusOf({
  security_status,
  delivery_status,
}: Pick<MessageJson, 'security_status' | 'delivery_status'>): MessageStatus {
  const wentNowhere = delivery_status === 'held' || delivery_status === 'rejected';
  return wentNowhere || (security_status !== 'clean' && security_status !== 'flagged') ? 'withheld' : security_status;
}

/** Received mail is known sanitised only, so both bodies are that; HTML where there is no text. */
const bodyOf = ({ text, html }: MessageJson): string | null => text ?? html;

export const shownMessage = (message: MessageJson) => ({
  id: message.id,
  inbox_id: message.inbox_id,
  thread_id: message.thread_id,
  direction: message.direction,
  from: writeAddress(message.from),
  to: message.to.map(writeAddress).join(', '),
  subject: message.subject,
  body: bodyOf(message),
  body_sanitized: bodyOf(message),
  status: statusOf(message),
  security_analysis: message.security,
  has_attachments: message.has_attachments,
  created_at: message.created_at,
});

/** Without a link: an attachment shares the verdict on its message. */
export const shownAttachments = (message: MessageJson) =>
  message.attachments.map(({ id, filename, content_type, size }) => ({
    id,
    message_id: message.id,
    filename,
    content_type,
    size_bytes: size,
    scan_status: statusOf(message),
    created_at: message.created_at,
  }));
