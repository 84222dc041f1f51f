import { z } from 'zod';
import { defineCommand } from '../../command.js';
import { Preview } from '../../http/preview.js';
import { SendMessageBody } from '../../http/send-message.js';
import { sendTerms } from './send.js';

/**
 * What a send would lead to. Refused as the send would be, except for blocked recipients, which are shown. Stores nothing.
 */
export const PreviewMessage = defineCommand(
  'messaging.preview_message',
  z.object({
    /** An inbox by id, slug or full address. */
    inbox: z.string(),
    body: SendMessageBody,
    sendsPerDay: sendTerms.sendsPerDay,
    creditsExhausted: sendTerms.creditsExhausted,
    reads: sendTerms.reads,
  }),
  Preview.omit({ credits: true }),
  { heavy: true },
);
