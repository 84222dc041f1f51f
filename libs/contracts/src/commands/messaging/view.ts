import { z } from 'zod';
import { defineCommand } from '../../command.js';
import { MessageView } from '../../http/message-view.js';

/** A message rendered for models; `offset` is 0 for its beginning, `maxTokens` null for all of it. */
export const ViewMessage = defineCommand(
  'messaging.view_message',
  z.object({
    id: z.string(),
    readWithheld: z.boolean(),
    maxTokens: z.int().min(1).nullable(),
    offset: z.int().min(0),
  }),
  MessageView,
);
