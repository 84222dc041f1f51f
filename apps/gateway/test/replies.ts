import type { Inbox, Message, MessageId, OrganizationId } from '@postern/contracts';
import { inboxOf as inbox, summaryOf } from '@postern/testing';

/** CRLF and octets over 127, which a reply that went through text would lose. */
export const RAW_MESSAGE = Buffer.from('Subject: caf\u00e9\r\n\r\nHello\r\n', 'latin1');

export const inboxOf = (slug: string): Inbox => inbox({ slug });

export const messageOf = (
  organization_id: OrganizationId,
  { id: inbox_id, address }: Inbox,
  id: MessageId,
): Message => ({
  ...summaryOf({ id, organization_id, inbox_id, from: { address, name: null }, to: [], subject: null }),
  text: null,
  html: null,
  text_parts: [],
});
