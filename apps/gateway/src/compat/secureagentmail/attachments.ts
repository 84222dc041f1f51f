import { secureAgentMailStatus } from '@postern/contracts';
import type { MessageJson } from '../get-message.js';

/** Without a link: an attachment shares the verdict on its message. */
export const shownAttachments = (message: MessageJson) =>
  message.attachments.map(({ id, filename, content_type, size }) => ({
    id,
    message_id: message.id,
    filename,
    content_type,
    size_bytes: size,
    scan_status: secureAgentMailStatus(message),
    created_at: message.created_at,
  }));
