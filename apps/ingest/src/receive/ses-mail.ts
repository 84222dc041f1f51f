import { Inject, Injectable } from '@nestjs/common';
import { readAddress } from '@postern/contracts';
import { LOGGER, maskAddress, type Logger } from '@postern/platform';
import type { SesReceivedRecord } from '../feedback/ses-record.js';
import type { Arrival } from '../intake/intake.js';
import { RecipientLookup } from '../recipients/recipient-lookup.js';
import type { MailToFetch } from '../store/mail-to-fetch.store.js';
import { PrepareMails, type IncomingMail } from './prepare-mails.js';
import { readSesAuthentication, readSesScan } from './ses-verdicts.js';

/** What SES tells of a mail besides its octets. */
export type AboutSesMail = Pick<
  MailToFetch,
  'mailFrom' | 'recipients' | 'authentication' | 'providerScan' | 'receivedAt'
>;

/** Mail that SES received, by whichever of its actions. */
@Injectable()
export class SesMail {
  constructor(
    private readonly mails: PrepareMails,
    private readonly recipients: RecipientLookup,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws AppError `unavailable` when content store or messaging are away. */
  async prepare(
    raw: Buffer,
    { mailFrom, recipients, authentication, providerScan, receivedAt }: AboutSesMail,
  ): Promise<Arrival['mails']> {
    return this.mails.prepare({
      raw,
      mailFrom,
      recipients: await this.ownersOf(recipients),
      via: 'ses',
      authentication,
      providerScan,
      receivedAt,
    });
  }

  /** SES takes mail for whole domains: what is no inbox of ours is left out. */
  private async ownersOf(addresses: readonly string[]): Promise<IncomingMail['recipients']> {
    const owners: IncomingMail['recipients'] = [];
    for (const address of new Set(addresses)) {
      const owner = await this.recipients.ownerOf(address);
      if (owner !== null) owners.push({ owner, address });
      else this.logger.info({ what: 'ses.recipient_unknown', recipient: maskAddress(address) });
    }
    return owners;
  }
}

/** The envelope and SES's verdicts. */
export const aboutSesMail = ({ mail, receipt }: SesReceivedRecord, receivedAt: Date): AboutSesMail => ({
  mailFrom: readAddress(mail.source ?? '')?.address ?? '',
  recipients: receipt.recipients,
  authentication: readSesAuthentication(receipt),
  providerScan: readSesScan(receipt),
  receivedAt,
});
