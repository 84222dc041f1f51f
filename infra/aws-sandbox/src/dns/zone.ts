import { InvalidInput, readFields, readString } from '../http/input.js';

export type DnsType = 'TXT' | 'CNAME' | 'MX';

/** A record of the DNS that the sandbox plays. `value` of an MX: preference and host. */
export interface DnsRecord {
  readonly type: DnsType;
  /** Lower case, without a dot at the end. */
  readonly name: string;
  readonly value: string;
}

const TYPES: readonly DnsType[] = ['TXT', 'CNAME', 'MX'];
const MX_VALUE = /^\d{1,5} \S+$/;

export const nameKey = (name: string): string => name.replace(/\.$/, '').toLowerCase();

/** @throws InvalidInput unless the body is `{records: [{type, name, value}]}`; more fields of a record are ignored. */
export const readRecords = (body: unknown): DnsRecord[] => {
  const { records } = readFields(body, 'The body', ['records']);
  if (!Array.isArray(records)) throw new InvalidInput('records must be an array.');
  return records.map((record: unknown, index) => {
    if (typeof record !== 'object' || record === null) throw new InvalidInput(`records[${index}] must be an object.`);
    const fields = record as Record<string, unknown>;
    const type = TYPES.find((one) => one === fields['type']);
    if (type === undefined) throw new InvalidInput(`records[${index}].type must be one of ${TYPES.join(', ')}.`);
    const value = readString(fields['value'], `records[${index}].value`);
    if (type === 'MX' && !MX_VALUE.test(value)) {
      throw new InvalidInput(`records[${index}].value must be a preference and a host.`);
    }
    return { type, name: nameKey(readString(fields['name'], `records[${index}].name`)), value };
  });
};

/** Records of a name and type. */
export const recordsAt = (zone: readonly DnsRecord[], name: string, type: DnsType): DnsRecord[] =>
  zone.filter((record) => record.name === nameKey(name) && record.type === type);

const isWithin = (name: string, domain: string): boolean => name === domain || name.endsWith(`.${domain}`);

/** Whether a name, or one below it, has records: else it does not exist. */
export const nameExists = (zone: readonly DnsRecord[], name: string): boolean =>
  zone.some((record) => isWithin(record.name, nameKey(name)));

/** Adds what is not there yet. */
export const addRecords = (zone: DnsRecord[], records: readonly DnsRecord[]): void => {
  for (const record of records) {
    const isThere = zone.some(
      ({ type, name, value }) => type === record.type && name === record.name && value === record.value,
    );
    if (!isThere) zone.push(record);
  }
};

/** Takes away everything of a domain and below it. */
export const removeDomain = (zone: DnsRecord[], domain: string): void => {
  const kept = zone.filter(({ name }) => !isWithin(name, nameKey(domain)));
  zone.splice(0, zone.length, ...kept);
};
