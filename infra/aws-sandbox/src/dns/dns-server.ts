import { createSocket } from 'node:dgram';
import { log } from '../log.js';
import { answerTo, type Question, RCODES, readQuestion, TYPE_CODES } from './wire.js';
import { type DnsRecord, type DnsType, nameExists, nameKey, recordsAt } from './zone.js';

/** What a name is answered with instead of the truth. */
export type DnsFault = 'servfail' | 'silence';

/** The DNS as the sandbox plays it: the whole world is its zone. */
export interface Dns {
  /** By name, with all below it. */
  readonly faults: Map<string, DnsFault>;
  stop(): Promise<void>;
}

const CNAMES_MAX = 8;

const typeOf = (code: number): DnsType | undefined =>
  (Object.keys(TYPE_CODES) as DnsType[]).find((type) => TYPE_CODES[type] === code);

/** As a resolver does: a name that stands for another is answered with both. */
const lookUp = (zone: readonly DnsRecord[], name: string, type: DnsType): DnsRecord[] => {
  const found: DnsRecord[] = [];
  for (let at = name; found.length < CNAMES_MAX;) {
    const own = recordsAt(zone, at, type);
    const [alias] = recordsAt(zone, at, 'CNAME');
    if (own.length > 0 || alias === undefined) return [...found, ...own];
    found.push(alias);
    at = alias.value;
  }
  return found;
};

/** Null for silence. */
const answer = (zone: readonly DnsRecord[], faults: Dns['faults'], question: Question): Buffer | null => {
  const name = nameKey(question.name);
  const fault = [...faults].find(([faulty]) => name === faulty || name.endsWith(`.${faulty}`))?.[1];
  if (fault === 'silence') return null;
  if (fault === 'servfail') return answerTo(question, RCODES.servfail, []);
  const type = typeOf(question.type);
  const records = type === undefined ? [] : lookUp(zone, name, type);
  return answerTo(question, nameExists(zone, name) ? RCODES.none : RCODES.nxdomain, records);
};

/**
 * Serves a zone over UDP, on the same port number as the HTTP server. A port that cannot be had is no reason not to start.
 * @param zone  looked at for each question.
 */
export const serveDns = async (zone: readonly DnsRecord[], host: string, port: number): Promise<Dns> => {
  const faults: Dns['faults'] = new Map();
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.on('message', (message, from) => {
    const question = readQuestion(message);
    const reply = question === null ? null : answer(zone, faults, question);
    if (reply !== null) socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => {
    socket.on('error', (error) => {
      log('dns_unavailable', { reason: error.message });
      resolve();
    });
    socket.bind(port, host, resolve);
  });
  return {
    faults,
    stop: () =>
      new Promise((resolve) => {
        socket.close(() => resolve());
      }),
  };
};
