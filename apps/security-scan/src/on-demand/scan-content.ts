import { Injectable } from '@nestjs/common';
import type { CommandContext, ScanBody, ScanResult } from '@postern/contracts';
import { MailReader } from '../content/mail-reader.js';
import { decideInbound } from '../inbound/decide-inbound.js';
import { judge } from '../verdict/verdict.js';
import { givenMail } from './given-mail.js';

/** Judges what somebody asks about, by the checks that look at mail. Keeps nothing. */
@Injectable()
export class ScanContent {
  constructor(private readonly mails: MailReader) {}

  /** @throws AppError `unavailable` when documents cannot be read at all for the moment. */
  async run(context: CommandContext, body: ScanBody): Promise<ScanResult> {
    const mail = await this.mails.given(context, givenMail(body));
    const verdict = judge({ ...mail, direction: body.direction });
    const status = verdict.flagged ? 'flagged' : 'clean';
    return {
      security: verdict.security,
      security_status: body.direction === 'inbound' ? decideInbound(verdict, null) : status,
    };
  }
}
