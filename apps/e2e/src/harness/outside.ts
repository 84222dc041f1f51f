import { waitFor } from '@postern/testing';
import { createTransport } from 'nodemailer';
import type { Json } from './client.js';
import type { Postern } from './postern.js';

type Mail = Parameters<ReturnType<typeof createTransport>['sendMail']>[0];

/** The rest of the world: writes to inboxes by SMTP, and sees what comes out. */
export class Outside {
  private readonly smtp;

  constructor(private readonly postern: Postern) {
    const { host, port } = postern.local.smtp;
    this.smtp = createTransport({ host, port, secure: false, ignoreTLS: true });
  }

  /** Writes to an inbox, and waits for the message that it becomes. */
  async writes(inbox: Json, mail: Mail, client = this.postern.agent): Promise<Json> {
    await this.hands(inbox, mail);
    return this.arrived(inbox, String(mail.subject), client);
  }

  /** Writes to an inbox. @returns when the mail was taken. */
  async hands(inbox: Json, mail: Mail): Promise<void> {
    await this.smtp.sendMail({ from: 'ann@example.com', to: String(inbox['address']), text: 'Hello', ...mail });
  }

  /** Waits for the message that a mail becomes. */
  arrived(inbox: Json, subject: string, client = this.postern.agent): Promise<Json> {
    const path = `/v1/inboxes/${inbox['id']}/messages?direction=inbound&subject=${encodeURIComponent(subject)}`;
    return waitFor(async () => (await client.get(path)).body['data'][0] ?? null, `the mail "${subject}"`);
  }

  /** Waits for the copy that a recipient gets. @returns its octets, one character each. */
  async gets(recipient: string): Promise<string> {
    const copy = await waitFor(
      async () => (await this.postern.sandbox.messages({ to: recipient }))[0] ?? null,
      `a copy for ${recipient}`,
    );
    return Buffer.from(String(copy['raw_base64']), 'base64').toString('latin1');
  }
}

/** A header of a message in one line; null when it is not there. */
export function headerOf(mime: string, name: string): string | null {
  const lines = mime
    .slice(0, mime.indexOf('\r\n\r\n'))
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const line = lines.find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line === undefined ? null : line.slice(name.length + 1).trim();
}
