import { z } from 'zod';
import { defineEvent } from '../../frame.js';
import { DetectedLoop } from '../../http/loop.js';

export const ThreadLoopDetectedV1 = defineEvent(
  'messaging.thread.loop_detected.v1',
  'messaging',
  'A send was refused because its thread looks like a mail loop. Once per cool-down of a thread and counterparty.',
  z.object({ loop: DetectedLoop }),
);
