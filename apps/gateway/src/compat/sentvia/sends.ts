import { ForwardRoute, ReplyRoute, SendFromRoute, sentviaOutcomes } from '@postern/contracts';
import { z } from 'zod';
import type { FrontReply, FrontRoute } from '../front.js';
import { getMessage, type MessageJson } from '../get-message.js';
import { Problem } from '../problem.js';
import type { V1 } from '../v1.js';

/** Sentvia answers when the mail was handed over. A scan takes well under a second; longer waits are told as such. */
export const WAIT_SECONDS = 10;
/** Sentvia drops them, too; here the reply names them. */
export const BLOCKED = { on_blocked_recipient: 'skip' } as const;

const Attachments = z
  .array(z.strictObject({ filename: z.string(), content_type: z.string(), content_base64: z.string() }))
  .transform((list) => list.map(({ content_base64, ...file }) => ({ ...file, content: content_base64 })))
  .optional();

const SendMessage = z.strictObject({
  inbox_id: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()).optional(),
  bcc: z.array(z.string()).optional(),
  subject: z.string(),
  text: z.string().optional(),
  html: z.string().optional(),
  attachments: Attachments,
  in_reply_to: z.string().optional(),
  references: z.array(z.string()).optional(),
  client_id: z.string().optional(),
});

const Reply = z.strictObject({
  text: z.string().optional(),
  html: z.string().optional(),
  reply_all: z.boolean().optional(),
  attachments: Attachments,
});

const Forward = z.strictObject({
  to: z.array(z.string()),
  text: z.string().optional(),
  from_inbox_id: z.string().optional(),
  attachments: Attachments,
});

/** Whether it was neither sent nor refused yet: it waits for a person, its time, or the scan. */
const waits = ({ delivery_status, security_status }: MessageJson): boolean =>
  delivery_status === 'held' || delivery_status === 'scheduled' || security_status === 'pending';

/** 202 for what waits, as Sentvia's 201 would say that it was sent. */
export function sent(message: MessageJson, v1: V1): FrontReply {
  return {
    status: waits(message) ? 202 : 201,
    body: {
      id: message.id,
      thread_id: message.thread_id,
      message_id: message.message_id_header,
      ses_message_id: message.provider_message_id,
      idempotent: v1.headers['idempotent-replay'] === 'true',
      direction: message.direction,
      from_addr: message.from.address,
      subject: message.subject,
      delivery_status: message.delivery_status,
      recipients: sentviaOutcomes(message),
    },
  };
}

/** @throws Problem when a message is to be forwarded from another inbox than the one that it is in. */
async function mustBeIn(v1: V1, id: string, inboxId: string): Promise<void> {
  if ((await getMessage(v1, id)).inbox_id === inboxId) return;
  throw new Problem(
    400,
    'not_offered',
    'Leave from_inbox_id out: a message is forwarded from the inbox that it is in.',
  );
}

export const sendRoutes: readonly FrontRoute[] = [
  {
    method: 'POST',
    path: '/messages',
    async answer({ body }, v1) {
      const wish = SendMessage.parse(body ?? {});
      return sent(await v1.ask(SendFromRoute, { body: { ...wish, ...BLOCKED }, waitSeconds: WAIT_SECONDS }), v1);
    },
  },
  {
    method: 'POST',
    path: '/messages/{id}/reply',
    async answer({ params, body }, v1) {
      const wish = { ...Reply.parse(body ?? {}), ...BLOCKED };
      const one = { params: { id: params['id'] ?? '' }, waitSeconds: WAIT_SECONDS };
      return sent(await v1.ask(ReplyRoute, { ...one, body: wish }), v1);
    },
  },
  {
    method: 'POST',
    path: '/messages/{id}/forward',
    async answer({ params, body }, v1) {
      const { from_inbox_id: inboxId, ...wish } = Forward.parse(body ?? {});
      const id = params['id'] ?? '';
      if (inboxId !== undefined) await mustBeIn(v1, id, inboxId);
      const input = { params: { id }, body: { ...wish, ...BLOCKED }, waitSeconds: WAIT_SECONDS };
      return sent(await v1.ask(ForwardRoute, input), v1);
    },
  },
];
