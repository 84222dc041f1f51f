import { z } from 'zod';
import { ownLabels } from './labels.js';
import { listOf, notOffered, OneOrMore, onlyOff, present } from './words.js';

/** Clients may leave the name out. */
const UNNAMED = 'attachment';

/** A file in a body. With a `content_id` it is shown inside the message, without one it is not. */
export const SendAttachment = z
  .strictObject({
    filename: z.string().default(UNNAMED),
    content_type: z.string().optional(),
    content_disposition: z.enum(['inline', 'attachment']).optional(),
    content_id: z.string().optional(),
    content: z.string({ error: 'must be given in base64' }),
    url: notOffered('send the content itself, in base64'),
  })
  .refine(
    ({ content_disposition: place, content_id: id }) =>
      place === undefined || (place === 'inline') === (id !== undefined),
    { path: ['content_disposition'], message: 'must be inline with a content_id, and attachment without one' },
  )
  .transform(({ content_disposition: _place, url: _url, ...attachment }) => attachment);

export const recipientFields = {
  to: OneOrMore.optional(),
  cc: OneOrMore.optional(),
  bcc: OneOrMore.optional(),
};

export const contentFields = {
  labels: z.array(z.string()).optional(),
  reply_to: OneOrMore.optional(),
  text: z.string().optional(),
  html: z.string().optional(),
  attachments: z.array(SendAttachment).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  track_opens: onlyOff('no pixel is put into mail'),
};

interface Given {
  labels?: string[] | undefined;
  track_opens?: false | undefined;
}

/** What of a send `/v1` is asked for. @throws Problem for labels that only Postern sets. */
export function toSend<T extends Given>({
  labels,
  track_opens: _off,
  ...body
}: T): Omit<T, 'labels' | 'track_opens'> & {
  labels?: string[];
} {
  return {
    ...(present(body) as Omit<T, 'labels' | 'track_opens'>),
    ...(labels !== undefined && { labels: ownLabels(labels, 'labels') }),
  };
}

/** Nobody to send to, in any of the three fields. */
export const forNobody = ({ to, cc, bcc }: Partial<Record<'to' | 'cc' | 'bcc', string | string[] | undefined>>) =>
  [to, cc, bcc].every((field) => listOf(field).length === 0);
