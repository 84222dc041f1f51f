import { z } from 'zod';
import { defineCommand } from '../../command.js';
import { Thread, UpdateThreadBody } from '../../http/thread.js';

/** Changes the labels of a thread; calls at the same time do not undo each other. */
export const UpdateThread = defineCommand(
  'messaging.update_thread',
  z.object({ id: z.string(), body: UpdateThreadBody }),
  Thread,
);
