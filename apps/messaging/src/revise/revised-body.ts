import type { MessageEdit, SendMessageBody } from '@postern/contracts';
import { textOf } from '../send/compose-mime.js';
import type { MessageWithState } from '../store/message.row.js';

/** What a message of this service is composed of again. */
type Revisable = Pick<
  MessageWithState,
  | 'to_list'
  | 'cc_list'
  | 'bcc_list'
  | 'reply_to_list'
  | 'subject'
  | 'text_body'
  | 'html_body'
  | 'custom_headers'
  | 'in_reply_to'
  | 'reference_ids'
>;

/** Whether an edit says who gets the message. */
export const namesRecipients = ({ to, cc, bcc }: MessageEdit): boolean =>
  to !== undefined || cc !== undefined || bcc !== undefined;

/**
 * A message as it would be asked for with an edit: what the edit leaves out stays. A text part that was made from the HTML
 * is made again from another HTML.
 */
export function revisedBody(message: Revisable, edit: MessageEdit): SendMessageBody {
  const html = edit.html === undefined ? message.html_body : edit.html;
  const text = edit.text ?? (html !== null && isMadeFromHtml(message) ? undefined : (message.text_body ?? undefined));
  const subject = edit.subject ?? message.subject ?? undefined;
  return {
    to: edit.to ?? message.to_list,
    cc: edit.cc ?? message.cc_list,
    bcc: edit.bcc ?? message.bcc_list,
    reply_to: message.reply_to_list,
    ...(subject !== undefined && { subject }),
    ...(text !== undefined && { text }),
    ...(html !== null && { html }),
    ...(message.custom_headers !== null && { headers: message.custom_headers }),
    ...(message.in_reply_to !== null && { in_reply_to: message.in_reply_to }),
    ...(message.reference_ids.length > 0 && { references: message.reference_ids }),
  };
}

const isMadeFromHtml = ({ text_body, html_body }: Revisable): boolean =>
  html_body !== null && text_body === textOf({ html: html_body });
