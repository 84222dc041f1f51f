import { z } from 'zod';
import {
  contentFields,
  handlingFields,
  recipientFields,
  withRecipientLimit,
  withSomethingToRead,
} from './send-message.js';

const { to, cc, bcc } = recipientFields;
const { subject, ...content } = contentFields;

/** `POST /v1/messages/{id}/reply` */
export const ReplyBody = withSomethingToRead(
  withRecipientLimit(
    z.strictObject({
      reply_all: z.boolean().default(false).meta({
        description: 'Also to everyone in To and Cc of the message, except the inbox itself.',
      }),
      to: to.optional().meta({ description: 'In place of who wrote the message (Reply-To, else From)' }),
      cc: cc.meta({ description: 'Beside those whom `reply_all` finds' }),
      bcc,
      subject: subject.meta({ description: 'In place of the subject of the message with one "Re: "' }),
      ...content,
      ...handlingFields,
    }),
  ),
);
export type ReplyBody = z.infer<typeof ReplyBody>;

/** `POST /v1/messages/{id}/forward` */
export const ForwardBody = withRecipientLimit(
  z.strictObject({
    ...recipientFields,
    include_attachments: z.boolean().default(true),
    subject: subject.meta({ description: 'In place of the subject of the message with one "Fwd: "' }),
    ...content,
    text: content.text.meta({ description: 'Stands above the forwarded message' }),
    html: content.html.meta({ description: 'Stands above the forwarded message' }),
    ...handlingFields,
  }),
);
export type ForwardBody = z.infer<typeof ForwardBody>;
