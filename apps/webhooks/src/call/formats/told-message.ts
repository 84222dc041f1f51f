import { type Address, MessageData, type PublicEvent, Recipient, TextPart, writeAddress } from '@postern/contracts';
import { z } from 'zod';

const ToldMessage = MessageData.extend({
  text: z.string().nullish(),
  html: z.string().nullish(),
  text_parts: z.array(TextPart).optional(),
  recipient: Recipient.optional(),
});
/** What any event tells of a message; content comes with received ones only. */
export type ToldMessage = z.infer<typeof ToldMessage>;

/** The message that an event is about. Null when it is about something else, or the message was deleted or too large to tell. */
export const messageOf = ({ data }: PublicEvent): ToldMessage | null => ToldMessage.safeParse(data).data ?? null;

/**
 * The name of an event where nothing is withheld from readers: a message that a person releases is received then. Receivers that know no
 * releases would never hear of it otherwise.
 */
export const nameOf = ({ type }: PublicEvent): string => (type === 'message.released' ? 'message.received' : type);

export const mailboxes = (list: readonly Address[]): string[] => list.map(writeAddress);
