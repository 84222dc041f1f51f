import type { DomainRecord } from '@postern/contracts';
import type { Identity } from './identities.js';

/** A record that is to be published; its status comes from the DNS. */
export type WantedRecord = Omit<DomainRecord, 'status'>;

/** What the records of a domain are made of. */
export interface RecordParts {
  name: string;
  /** Random, of this domain of this organization: two that claim one name are told apart by it. */
  token: string;
  /** Null until Amazon SES knows the domain, and for ever where it does not send for it. */
  identity: Identity | null;
  /** The host that takes mail for the domain. */
  inboundHost: string;
  /** Of Amazon SES; its MAIL FROM hosts have it in their names. */
  region: string | null;
}

export const OWNERSHIP_PREFIX = 'postern-verification=';
const MX_PREFERENCE = 10;
/** SES developer guide, "Using a custom MAIL FROM domain": the SPF record that lets SES send. */
export const SES_SPF = 'include:amazonses.com';

/** All records of a domain, in the order in which they matter. Pure. */
export function wantedRecords({ name, token, identity, inboundHost, region }: RecordParts): WantedRecord[] {
  return [
    { type: 'TXT', name: `_postern.${name}`, value: OWNERSHIP_PREFIX + token, purpose: 'ownership' },
    ...(identity === null || region === null ? [] : identityRecords(name, identity, region)),
    // RFC 7489 §6.3. A policy of `none` asks for nothing yet: whether other mail of the domain passes is not known here.
    { type: 'TXT', name: `_dmarc.${name}`, value: 'v=DMARC1; p=none', purpose: 'dmarc' },
    { type: 'MX', name, value: `${MX_PREFERENCE} ${inboundHost}`, purpose: 'receiving' },
  ];
}

const identityRecords = (name: string, identity: Identity, region: string): WantedRecord[] => [
  { type: 'TXT', name: `_amazonses.${name}`, value: identity.verificationToken, purpose: 'identity' },
  ...identity.dkimTokens.map((token): WantedRecord => ({
    type: 'CNAME',
    name: `${token}._domainkey.${name}`,
    value: `${token}.dkim.amazonses.com`,
    purpose: 'dkim',
  })),
  ...(identity.mailFromDomain === null ? [] : mailFromRecords(identity.mailFromDomain, region)),
];

const mailFromRecords = (domain: string, region: string): WantedRecord[] => [
  {
    type: 'MX',
    name: domain,
    value: `${MX_PREFERENCE} feedback-smtp.${region}.amazonses.com`,
    purpose: 'mail_from',
  },
  { type: 'TXT', name: domain, value: `v=spf1 ${SES_SPF} ~all`, purpose: 'spf' },
];
