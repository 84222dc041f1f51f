import { type CommandContext, type InboundMail, type Inbox, newId, ScanInboundCompletedV1 } from '@postern/contracts';
import type { ServiceUnderTest } from '@postern/testing';
import { CLEAN } from './harness.js';

const RAW = Buffer.from('From: ann@example.com\r\n\r\nThanks');
const SHA = 'a'.repeat(64);

/** A mail for an inbox as ingest tells of it, with a small body of its own. */
export function receivedFor(inbox: Inbox, given: Partial<InboundMail> = {}) {
  const mail = {
    messageIdHeader: `<${newId('msg')}@example.com>`,
    inReplyTo: [],
    references: [],
    from: { address: 'ann@example.com', name: 'Ann' },
    to: [{ address: inbox.address, name: null }],
    cc: [],
    replyTo: [],
    subject: 'Hello',
    text: 'Thanks',
    html: null,
    date: null,
    attachments: [],
    authentication: null,
    parseError: null,
    ...given,
  };
  const parsed = Buffer.from(JSON.stringify(mail));
  return {
    mailId: newId('mail'),
    inboxId: inbox.id,
    recipient: inbox.address,
    mailFrom: 'ann@example.com',
    via: 'smtp' as const,
    receivedAt: new Date().toISOString(),
    raw: { sha256: SHA, sizeBytes: RAW.byteLength, inline: RAW.toString('base64') },
    parsed: { sha256: SHA, sizeBytes: parsed.byteLength, inline: parsed.toString('base64') },
  };
}

/** Tells the service of a mail that the guard has let through. @returns the id that its message will have, without prefix. */
export async function mailComes(
  { bus }: ServiceUnderTest,
  caller: CommandContext,
  inbox: Inbox,
  given: Partial<InboundMail> = {},
  securityStatus: 'clean' | 'withheld' = 'clean',
): Promise<string> {
  const received = receivedFor(inbox, given);
  await bus.publish(ScanInboundCompletedV1, { ...caller, data: { received, security: CLEAN, securityStatus } });
  return received.mailId.slice('mail_'.length);
}
