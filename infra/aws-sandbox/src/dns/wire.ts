import type { DnsRecord } from './zone.js';

/** RFC 1035 §4: messages of the DNS, as far as a server of three types of records needs them. */
const HEADER_BYTES = 12;
const MAX_LABEL = 63;
const STRING_MAX = 255;
const CLASS_IN = 1;
/** So that nobody keeps what a test changes. */
const TTL_SECONDS = 0;
export const TYPE_CODES = { CNAME: 5, MX: 15, TXT: 16 } as const;
/** RFC 1035 §4.1.1: no error, server failure, no such name. */
export const RCODES = { none: 0, servfail: 2, nxdomain: 3 } as const;
/** An answer, authoritative, recursion was and is available. */
const ANSWER_FLAGS = 0x8580;

export interface Question {
  readonly id: number;
  readonly name: string;
  readonly type: number;
  /** As it came: an answer repeats it. */
  readonly octets: Buffer;
}

/** Null for what is no query with one question. */
export const readQuestion = (message: Buffer): Question | null => {
  if (message.length < HEADER_BYTES || message.readUInt16BE(4) !== 1) return null;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > MAX_LABEL) return null;
    at += 1;
    if (length === 0) break;
    labels.push(message.toString('latin1', at, at + length));
    at += length;
  }
  const end = at + 4;
  if (end > message.length) return null;
  return {
    id: message.readUInt16BE(0),
    name: labels.join('.'),
    type: message.readUInt16BE(at),
    octets: message.subarray(HEADER_BYTES, end),
  };
};

const nameOctets = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .replace(/\.$/, '')
      .split('.')
      .flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]),
    Buffer.from([0]),
  ]);

const stringsOf = (text: string): Buffer => {
  const octets = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < octets.length; at += STRING_MAX) {
    const part = octets.subarray(at, at + STRING_MAX);
    parts.push(Buffer.from([part.length]), part);
  }
  return Buffer.concat(parts);
};

const dataOf = ({ type, value }: DnsRecord): Buffer => {
  if (type === 'TXT') return stringsOf(value);
  if (type === 'CNAME') return nameOctets(value);
  const [preference = '0', host = ''] = value.split(' ');
  const number = Buffer.alloc(2);
  number.writeUInt16BE(Number(preference));
  return Buffer.concat([number, nameOctets(host)]);
};

const recordOctets = (record: DnsRecord): Buffer => {
  const data = dataOf(record);
  const middle = Buffer.alloc(10);
  middle.writeUInt16BE(TYPE_CODES[record.type], 0);
  middle.writeUInt16BE(CLASS_IN, 2);
  middle.writeUInt32BE(TTL_SECONDS, 4);
  middle.writeUInt16BE(data.length, 8);
  return Buffer.concat([nameOctets(record.name), middle, data]);
};

export const answerTo = (question: Question, rcode: number, records: readonly DnsRecord[]): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(question.id, 0);
  header.writeUInt16BE(ANSWER_FLAGS | rcode, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question.octets, ...records.map(recordOctets)]);
};
