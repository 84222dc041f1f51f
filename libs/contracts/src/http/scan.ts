import { z } from 'zod';
import { AddressInput } from '../address.js';
import { Filename, MediaType } from './attachment.js';
import { Security } from './message.js';
import { recipientFields } from './send-message.js';

/** A received mail has whatever its sender wrote, so these are bounded by the size of the body alone. */
const Text = z.string().nullish();
const ATTACHMENTS_MAX = 100;
const PEOPLE_MAX = 100;
const people = recipientFields.cc.refine((list = []) => list.length <= PEOPLE_MAX, {
  message: `must name at most ${PEOPLE_MAX} addresses`,
});

const CONTENT = ['subject', 'text', 'html', 'attachments'] as const;

/** `POST /v1/scan`: a mail, or parts of one. */
export const ScanBody = z
  .strictObject({
    direction: z.enum(['inbound', 'outbound']).meta({ description: 'Which checks look at it' }),
    from: AddressInput.optional(),
    reply_to: people,
    to: people,
    cc: people,
    subject: Text,
    text: Text,
    html: Text,
    attachments: z
      .array(
        z.strictObject({
          filename: Filename,
          content_type: MediaType.optional(),
          content: z.base64().meta({ description: 'In base64' }),
        }),
      )
      .max(ATTACHMENTS_MAX)
      .optional(),
  })
  .refine((body) => CONTENT.some((name) => body[name] !== undefined && body[name] !== null), {
    path: ['text'],
    error: 'must be given, or subject, html or attachments',
  });
export type ScanBody = z.infer<typeof ScanBody>;

export const ScanResult = z.object({
  security: Security,
  security_status: z.enum(['clean', 'flagged', 'withheld']).meta({
    description: 'What a message with this content would show, before policies and lists',
  }),
});
export type ScanResult = z.infer<typeof ScanResult>;
