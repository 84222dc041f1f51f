import { z } from 'zod';
import { defineCommand } from '../command.js';
import { Sha256 } from '../content.js';

/** Which of these contents of the organization ingest still needs: those of mail that may not have become a message yet. */
export const ListContentInUse = defineCommand(
  'ingest.list_content_in_use',
  z.object({ sha256s: z.array(Sha256).max(1000) }),
  z.object({ inUse: z.array(Sha256) }),
);
