import {
  newId,
  type CommandContext,
  type InboundMail,
  type MailReceivedV1,
  type MessageAcceptedV1,
  type SecurityLevel,
} from '@postern/contracts';
import { carry, FileContentStore, sha256 } from '@postern/eventing';
import { summaryOf, type PlayedFact } from '@postern/testing';

/** Facts that messaging and ingest would make, for the tests of this service. */
type Accepted = PlayedFact<typeof MessageAcceptedV1>;

export interface Sent {
  text?: string;
  html?: string;
  attachment?: { filename: string; contentType: string; content: Buffer };
  securityLevel?: Accepted['data']['securityLevel'];
  onFlagged?: Accepted['data']['onFlagged'];
}

export const storeAt = (url: string): FileContentStore => new FileContentStore(new URL(url).pathname);

/** A MIME message as messaging composes it. */
export function mimeOf({ text = 'Hello', html, attachment }: Sent): Buffer {
  const parts = [`Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`];
  if (html !== undefined) parts.push(`Content-Type: text/html; charset=utf-8\r\n\r\n${html}`);
  if (attachment !== undefined) {
    parts.push(
      `Content-Type: ${attachment.contentType}\r\nContent-Transfer-Encoding: base64\r\n` +
        `Content-Disposition: attachment; filename="${attachment.filename}"\r\n\r\n${attachment.content.toString('base64')}`,
    );
  }
  const body = parts.map((part) => `--frontier\r\n${part}\r\n`).join('');
  return Buffer.from(
    'From: Agent <agent@postern.test>\r\nTo: ann@example.com\r\nSubject: Report\r\nMIME-Version: 1.0\r\n' +
      `Content-Type: multipart/mixed; boundary=frontier\r\n\r\n${body}--frontier--\r\n`,
  );
}

/** The fact that messaging makes for a message with these octets. */
export async function acceptedFact(caller: CommandContext, contentStoreUrl: string, sent: Sent): Promise<Accepted> {
  const mime = mimeOf(sent);
  const content = await carry(storeAt(contentStoreUrl), caller.organizationId, mime);
  const messageId = newId('msg');
  return {
    organizationId: caller.organizationId,
    mode: caller.mode,
    id: newId('evt'),
    correlationId: `req_${messageId}`,
    data: {
      message: summaryOf({
        id: messageId,
        organization_id: caller.organizationId,
        to: [{ address: 'ann@example.com', name: null }],
        subject: 'Report',
      }),
      dispatch: {
        messageId,
        version: 1,
        envelope: { from: 'agent@postern.test', recipients: [{ address: 'ann@example.com', role: 'to' }] },
        content,
        contentHash: sha256(`envelope ${messageId}`),
        notBefore: '2026-11-21T12:00:00.000Z',
        inDoubt: 'resend',
      },
      securityLevel: sent.securityLevel ?? 'guarded_send',
      onFlagged: sent.onFlagged ?? 'hold',
      requestedBy: caller.keyId,
    },
  };
}

/** The octets of a mail that came in, as far as the scan looks at them. */
export const RAW = 'From: Bob <bob@example.com>\r\nTo: agent@postern.test\r\nSubject: Hi\r\n\r\nHello';

export const plainMail = (more: Partial<InboundMail> = {}): InboundMail => ({
  messageIdHeader: '<1@example.com>',
  inReplyTo: [],
  references: [],
  from: { address: 'bob@example.com', name: 'Bob' },
  to: [{ address: 'agent@postern.test', name: null }],
  cc: [],
  replyTo: [],
  subject: 'Hi',
  text: 'Hello',
  html: null,
  date: null,
  attachments: [],
  authentication: null,
  parseError: null,
  ...more,
});

/** The fact that ingest makes for a mail. */
export async function receivedFact(
  caller: CommandContext,
  contentStoreUrl: string,
  mail: Partial<InboundMail>,
  { raw = RAW, securityLevel }: { raw?: string | undefined; securityLevel?: SecurityLevel | undefined } = {},
): Promise<PlayedFact<typeof MailReceivedV1>> {
  const store = storeAt(contentStoreUrl);
  return {
    organizationId: caller.organizationId,
    mode: caller.mode,
    id: newId('evt'),
    data: {
      mailId: newId('mail'),
      inboxId: newId('inb'),
      securityLevel,
      recipient: 'agent@postern.test',
      mailFrom: 'bob@example.com',
      via: 'smtp',
      receivedAt: '2026-11-21T12:00:00.000Z',
      raw: await carry(store, caller.organizationId, Buffer.from(raw)),
      parsed: await carry(store, caller.organizationId, Buffer.from(JSON.stringify(plainMail(mail)))),
    },
  };
}
