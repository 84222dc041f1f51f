import { z } from 'zod';
import { defineCommand } from '../../command.js';

const nothing = z.object({});

/** Delivery is asked first when the message was not sent yet. @throws `invalid_state` when it is too late to stop it. */
export const DeleteMessage = defineCommand('messaging.delete_message', z.object({ id: z.string() }), nothing, {
  heavy: true,
});
/** A thread of many messages goes in steps; what is left after a failure goes with the next call. */
export const DeleteThread = defineCommand('messaging.delete_thread', z.object({ id: z.string() }), nothing, {
  heavy: true,
});
/** Answers when the inbox is gone for everybody; what it held is removed afterwards. */
export const DeleteInbox = defineCommand('messaging.delete_inbox', z.object({ inbox: z.string() }), nothing);
