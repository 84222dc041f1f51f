import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { MessageId } from '../../ids.js';

export const SendCancelledV1 = defineEvent(
  'delivery.send.cancelled.v1',
  'delivery',
  'A message was stopped at the last door, and is certain never to be sent. Once per message.',
  z.object({ messageId: MessageId, at: z.iso.datetime() }),
);

/** `send_at` of a message before and after; null is none. */
const sendAt = z.iso.datetime().nullable();

export const SendMovedV1 = defineEvent(
  'delivery.send.moved.v1',
  'delivery',
  'A scheduled message was given another time.',
  z.object({ messageId: MessageId, from: sendAt, to: sendAt, at: z.iso.datetime() }),
);
