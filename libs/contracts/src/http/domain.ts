import { z } from 'zod';
import { checkAddress } from '../address-syntax.js';
import { DomainId } from '../ids.js';
import { PageQuery } from './page.js';
import { Timestamp } from './timestamp.js';

export const DomainStatus = z.enum(['pending', 'verified', 'failed']);
export type DomainStatus = z.infer<typeof DomainStatus>;

/** `missing`: nothing is there. `invalid`: something else is there. A server that does not answer changes nothing. */
export const RecordStatus = z.enum(['missing', 'invalid', 'valid']);
export type RecordStatus = z.infer<typeof RecordStatus>;

export const RecordType = z.enum(['TXT', 'CNAME', 'MX']);
export type RecordType = z.infer<typeof RecordType>;

export const RecordPurpose = z.enum(['ownership', 'identity', 'dkim', 'mail_from', 'spf', 'dmarc', 'receiving']);
export type RecordPurpose = z.infer<typeof RecordPurpose>;

export const DomainRecord = z.object({
  type: RecordType,
  name: z.string().meta({ description: 'the whole name, without a dot at the end' }),
  value: z.string().meta({ description: 'of an MX record: preference and host' }),
  purpose: RecordPurpose.meta({
    description:
      '`ownership` proves that the domain is yours; `identity` and `dkim` are needed for sending, `receiving` for receiving; `mail_from`, `spf` and `dmarc` are advised',
  }),
  status: RecordStatus,
});
export type DomainRecord = z.infer<typeof DomainRecord>;

export const Domain = z.object({
  id: DomainId,
  name: z.string(),
  sending_status: DomainStatus,
  receiving_status: DomainStatus,
  records: z.array(DomainRecord).meta({ description: 'what to publish; those of Amazon SES may come a moment later' }),
  created_at: Timestamp,
});
export type Domain = z.infer<typeof Domain>;

/** RFC 1035 §2.3.4 gives a name 253 characters, and a DKIM record puts 44 before it. */
const DOMAIN_MAX = 200;

/** A domain name in any case; an internationalized one becomes A-labels. A dot at the end is taken off. */
export const DomainName = z.string().transform((text, ctx): string => {
  const verdict = checkAddress(`postmaster@${text.replace(/\.$/, '')}`);
  const name = 'problem' in verdict ? '' : verdict.address.slice('postmaster@'.length).toLowerCase();
  if (name !== '' && name.length <= DOMAIN_MAX) return name;
  ctx.addIssue({
    code: 'custom',
    message: `must be a domain name such as example.com, at most ${DOMAIN_MAX} characters`,
  });
  return z.NEVER;
});

export const CreateDomainBody = z.strictObject({ name: DomainName });
export const ListDomainsQuery = z.strictObject(PageQuery);
export type ListDomainsQuery = z.infer<typeof ListDomainsQuery>;
