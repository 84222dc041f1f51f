import { newId, type MessageDeletedV1, type MessageId, type Tenant } from '@postern/contracts';
import type { PlayedFact } from '../facts/bus.js';

type Deleted = PlayedFact<typeof MessageDeletedV1>;

/** What messaging tells of the deletion of a message; a test gives only what it is about. */
export function deletionOf(
  { organizationId, mode }: Tenant,
  messageId: string,
  given: Partial<Deleted['data']> = {},
): Deleted {
  return {
    organizationId,
    mode,
    data: {
      messageId: messageId as MessageId,
      inboxId: newId('inb'),
      threadId: newId('thr'),
      direction: 'outbound',
      threadDeleted: true,
      cause: 'message',
      version: 2,
      actor: null,
      ...given,
    },
  };
}
