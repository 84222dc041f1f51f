import { z } from 'zod';
import { addsOrRemoves, Labels, Metadata } from './metadata.js';
import { SendAt } from './send-at.js';

/** `PATCH /v1/messages/{id}`: what is absent stays. */
export const UpdateMessageBody = addsOrRemoves(
  z.strictObject({
    add_labels: Labels.optional(),
    remove_labels: Labels.optional(),
    /** Replaces all of it; null clears. */
    metadata: Metadata.nullish(),
    /** Moves a scheduled message; null sends it at once. */
    send_at: SendAt.nullish(),
  }),
);
export type UpdateMessageBody = z.infer<typeof UpdateMessageBody>;
