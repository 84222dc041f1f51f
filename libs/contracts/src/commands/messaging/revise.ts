import { z } from 'zod';
import { defineCommand } from '../../command.js';
import { MessageEdit } from '../../http/approval.js';
import { MessageId } from '../../ids.js';

/**
 * Whether a new version of a message can be made, asked before anybody is told that it will be. Composes it and stores
 * nothing. Refused with `validation_error`, `recipients_blocked` or `payload_too_large`, and `invalid_state` when the message is
 * not held (any more).
 */
export const CheckRevision = defineCommand(
  'messaging.check_revision',
  z.object({ messageId: MessageId, edit: MessageEdit }),
  z.object({ sizeBytes: z.int() }),
  { heavy: true },
);
