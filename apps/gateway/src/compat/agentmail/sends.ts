import { ForwardRoute, ReplyRoute, SendMessageRoute } from '@postern/contracts';
import { z } from 'zod';
import type { FrontReply, FrontRoute } from '../front.js';
import type { MessageJson } from '../get-message.js';
import { Problem } from '../problem.js';
import { findMessage } from './find-message.js';
import { contentFields, forNobody, recipientFields, toSend } from './send-body.js';

/** The guard decides in less; after this the reply tells what is known. */
export const SCAN_SECONDS = 10;

const ACCEPTED = 202;

const SendBody = z.strictObject({ ...recipientFields, subject: z.string().optional(), ...contentFields });
const ReplyAllBody = z.strictObject(contentFields);
const ReplyBody = z
  .strictObject({ ...recipientFields, ...contentFields, reply_all: z.boolean().optional() })
  .refine((body) => body.reply_all !== true || forNobody(body), {
    path: ['reply_all'],
    message: 'must not be given with to, cc or bcc',
  });

/** @throws Problem, because a client may count on it that nobody was named. */
function readSend(given: unknown) {
  const body = SendBody.parse(given);
  if (forNobody(body)) throw new Problem(422, 'unprocessable', 'Name a recipient in to, cc or bcc.');
  const { to = [], ...rest } = toSend(body);
  return { to, ...rest };
}

/**
 * The reply to a send: 200 when it goes out, 202 while it waits for a person, a time or the scan.
 * @throws Problem `message_rejected` when the guard let nothing out.
 */
export function sentReply({ id, thread_id, delivery_status: status, security, recipients }: MessageJson): FrontReply {
  if (status === 'rejected') {
    const refused = recipients.flatMap(({ address, reason }) => (reason === null ? [] : [`${address}: ${reason}.`]));
    const message = [`${id} was not sent.`, security?.summary ?? '', ...refused]
      .filter((part) => part !== '')
      .join(' ');
    throw new Problem(403, 'message_rejected', message);
  }
  const waits = status === 'held' || status === 'scheduled';
  return { status: waits ? ACCEPTED : 200, body: { message_id: id, thread_id } };
}

export const sendRoutes: FrontRoute[] = [
  {
    method: 'POST',
    path: '/inboxes/{inbox_id}/messages/send',
    async answer({ params, body }, v1) {
      const inbox = params['inbox_id'] ?? '';
      const ask = { params: { inbox }, body: readSend(body), waitSeconds: SCAN_SECONDS };
      return sentReply(await v1.ask(SendMessageRoute, ask));
    },
  },
  {
    method: 'POST',
    path: '/inboxes/{inbox_id}/messages/{message_id}/reply',
    async answer(request, v1) {
      const body = toSend(ReplyBody.parse(request.body));
      const { message } = await findMessage(v1, request);
      return sentReply(await v1.ask(ReplyRoute, { params: { id: message.id }, body, waitSeconds: SCAN_SECONDS }));
    },
  },
  {
    method: 'POST',
    path: '/inboxes/{inbox_id}/messages/{message_id}/reply-all',
    async answer(request, v1) {
      const body = { ...toSend(ReplyAllBody.parse(request.body)), reply_all: true };
      const { message } = await findMessage(v1, request);
      return sentReply(await v1.ask(ReplyRoute, { params: { id: message.id }, body, waitSeconds: SCAN_SECONDS }));
    },
  },
  {
    method: 'POST',
    path: '/inboxes/{inbox_id}/messages/{message_id}/forward',
    async answer(request, v1) {
      const body = readSend(request.body);
      const { message } = await findMessage(v1, request);
      return sentReply(await v1.ask(ForwardRoute, { params: { id: message.id }, body, waitSeconds: SCAN_SECONDS }));
    },
  },
];
