import type { Domain, DomainRecord } from '@postern/contracts';
import type { z } from 'zod';

type DomainJson = z.input<typeof Domain>;
type RecordJson = z.input<typeof DomainRecord>;

const MX_VALUE = /^(\d+) +(\S+)$/;

/** Of an MX record `/v1` gives preference and host as one text. */
const shownRecord = ({ type, name, value }: RecordJson) => {
  const [, preference, host] = MX_VALUE.exec(value) ?? [];
  return type === 'MX' && host !== undefined
    ? { type, name, value: host, priority: Number(preference) }
    : { type, name, value };
};

const isReceiving = ({ purpose }: RecordJson): boolean => purpose === 'receiving';

/** Pending, and of what sending needs only DKIM is left. */
const waitsForDkim = ({ sending_status: status, records }: DomainJson): boolean => {
  const allValid = (purpose: string): boolean =>
    records.filter((record) => record.purpose === purpose).every((record) => record.status === 'valid');
  return status === 'pending' && allValid('ownership') && allValid('identity') && !allValid('dkim');
};

/** When something was verified is not told by `/v1`. */
export const shownDomain = (domain: DomainJson) => {
  const sendingStatus = waitsForDkim(domain) ? 'pending_dkim' : domain.sending_status;
  return {
    id: domain.id,
    domain: domain.name,
    sendingStatus,
    receivingStatus: domain.receiving_status,
    verificationStatus: sendingStatus,
    sendingDnsRecords: domain.records.filter((record) => !isReceiving(record)).map(shownRecord),
    receivingDnsRecords: domain.records.filter(isReceiving).map(shownRecord),
    dnsRecords: domain.records.map(shownRecord),
    sendingVerifiedAt: null,
    receivingVerifiedAt: null,
    createdAt: domain.created_at,
  };
};
