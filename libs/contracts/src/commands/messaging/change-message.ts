import { z } from 'zod';
import { defineCommand } from '../../command.js';
import { Message } from '../../http/message.js';
import { UpdateMessageBody } from '../../http/update-message.js';

const id = z.string();

/** Takes a message back that was not sent yet. Delivery and the guard are asked meanwhile. */
export const CancelMessage = defineCommand('messaging.cancel_message', z.object({ id }), Message, { heavy: true });

/** Lets a withheld message be read. @throws `invalid_state` when it is not withheld, or not any more. */
export const ReleaseMessage = defineCommand('messaging.release_message', z.object({ id }), Message);

/** Changes labels, metadata or the time of a scheduled message. For the time, delivery is asked meanwhile. */
export const UpdateMessage = defineCommand(
  'messaging.update_message',
  z.object({ id, body: UpdateMessageBody, readWithheld: z.boolean() }),
  Message,
  { heavy: true },
);
