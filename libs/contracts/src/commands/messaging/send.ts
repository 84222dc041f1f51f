import { z } from 'zod';
import { defineCommand } from '../../command.js';
import { Message } from '../../http/message.js';
import { InDoubtRule } from '../../http/organization.js';
import { ForwardBody, ReplyBody } from '../../http/answer-message.js';
import { SendMessageBody } from '../../http/send-message.js';
import { MessageId } from '../../ids.js';

/** What a caller may be shown of messages: nothing, all that the guard does not withhold, or everything. */
export const SendReads = z.enum(['nothing', 'unwithheld', 'everything']);
export type SendReads = z.infer<typeof SendReads>;

/** What every command that makes an outbound message takes. */
export const sendTerms = {
  /** Of the message to make. */
  messageId: MessageId,
  inDoubt: InDoubtRule,
  /** Messages that the organization may send on one day, UTC, in this mode. Absent or null: unlimited. */
  sendsPerDay: z.int().min(0).nullish(),
  /** No credit is left: only the replay of an accepted call is answered, everything else is `credits_exhausted`. */
  creditsExhausted: z.boolean().optional(),
  /** Absent: nothing. */
  reads: SendReads.optional(),
};

// Up to 15 MiB to read, compose and store.
const HEAVY = { heavy: true };

export const SendMessage = defineCommand(
  'messaging.send_message',
  z.object({
    /** An inbox by id, slug or full address. */
    inbox: z.string(),
    body: SendMessageBody,
    ...sendTerms,
  }),
  Message,
  HEAVY,
);

export const ReplyToMessage = defineCommand(
  'messaging.reply_to_message',
  z.object({ id: z.string(), body: ReplyBody, ...sendTerms }),
  Message,
  HEAVY,
);

export const ForwardMessage = defineCommand(
  'messaging.forward_message',
  z.object({ id: z.string(), body: ForwardBody, ...sendTerms }),
  Message,
  HEAVY,
);
