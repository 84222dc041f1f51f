import { readFileSync } from 'node:fs';
import {
  type EventDefinition,
  type MessageId,
  MessageAcceptedV1,
  MessageReceivedV1,
  MessageStatusChangedV1,
  type Mode,
  type OrganizationId,
  type PublicEventType,
} from '@postern/contracts';
import type { PlayedFact } from '@postern/testing';

const SAMPLES = new URL('../../../libs/contracts/samples/', import.meta.url);

interface About {
  organizationId: OrganizationId;
  mode?: Mode;
  messageId: MessageId;
}

/** The smallest fact of a kind, about a message of the test's choice. */
function sampleOf<E extends EventDefinition>(
  event: E,
  { organizationId, mode = 'live', messageId }: About,
  changes: { message?: object; data?: object } = {},
): PlayedFact<E> {
  const path = new URL(`${event.type}/minimal.json`, SAMPLES);
  const { data } = JSON.parse(readFileSync(path, 'utf8')) as { data: { message: object } };
  return {
    organizationId,
    mode,
    data: { ...data, ...changes.data, message: { ...data.message, ...changes.message, id: messageId } },
  } as PlayedFact<E>;
}

/** What messaging says when it has stored an outbound message. */
export const acceptedFact = (about: About): PlayedFact<typeof MessageAcceptedV1> => sampleOf(MessageAcceptedV1, about);

/** What messaging says when mail came in. */
export const receivedFact = (about: About): PlayedFact<typeof MessageReceivedV1> => sampleOf(MessageReceivedV1, about);

/** What messaging says when a message changed. @param providerMessageId  SES's id, when it took the message. */
export const changedFact = (
  about: About,
  announce: PublicEventType,
  providerMessageId: string | null = null,
): PlayedFact<typeof MessageStatusChangedV1> =>
  sampleOf(MessageStatusChangedV1, about, {
    message: { provider_message_id: providerMessageId },
    data: { announce },
  });
