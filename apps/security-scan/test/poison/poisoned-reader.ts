import { Injectable } from '@nestjs/common';
import type { Content, InboundMail } from '@postern/contracts';
import { MailReader, type ReadMail, type Tenant } from '../../src/content/mail-reader.js';

/** Mail that says these is more than the checks can bear. */
export const POISON = { fails: 'hemlock', kills: 'cyanide' } as const;

function taste(text: string): void {
  if (text.includes(POISON.kills)) process.kill(process.pid, 'SIGKILL');
  if (text.includes(POISON.fails)) throw new TypeError('a check has a bug');
}

/** Reads mail as it is read, and fails or dies on some. */
@Injectable()
export class PoisonedReader extends MailReader {
  override async outbound(tenant: Tenant, mime: Uint8Array): Promise<ReadMail> {
    taste(Buffer.from(mime).toString('latin1'));
    return super.outbound(tenant, mime);
  }

  override async inbound(tenant: Tenant, mail: InboundMail, raw: Content): Promise<ReadMail> {
    taste(mail.text ?? '');
    return super.inbound(tenant, mail, raw);
  }
}
