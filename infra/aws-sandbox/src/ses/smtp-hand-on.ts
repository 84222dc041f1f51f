import { createTransport } from 'nodemailer';
import type { Timers } from '../timers.js';
import type { FailedRecipient } from './event-records.js';
import { unreachable } from './outcomes.js';

/** What is handed on: real envelope, raw content. */
export interface HandOn {
  /** Empty for the null reverse-path. */
  readonly from: string;
  readonly recipients: readonly string[];
  readonly raw: Buffer;
}

/** Called as soon as it is known, maybe several times for one message, each recipient in one of the calls. */
export interface HandOnReport {
  delivered(recipients: readonly string[], answer: string): void;
  refused(recipients: readonly FailedRecipient[]): void;
  /** Nobody took or refused them for a minute. */
  gaveUp(recipients: readonly FailedRecipient[]): void;
}

export interface SmtpHandOn {
  send(message: HandOn, report: HandOnReport): void;
  stop(): void;
}

/** What nodemailer says of one refused recipient or of a failed attempt. */
interface SmtpFailure {
  readonly responseCode?: number;
  readonly response?: string;
  readonly recipient?: string;
  readonly rejectedErrors?: readonly SmtpFailure[];
}

const CONNECTIONS = 8;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 8_000;
const GIVE_UP_AFTER_MS = 60_000;
/** A local server answers in milliseconds; this only ends hung connections. */
const SOCKET_TIMEOUT_MS = 20_000;

// RFC 5321 §4.2.1: the first digit 5 is a permanent refusal.
const isPermanent = (failure: SmtpFailure): boolean => (failure.responseCode ?? 0) >= 500;

/** nodemailer changes the case of domains. */
const isSame = (address: string, other: string | undefined): boolean => address.toLowerCase() === other?.toLowerCase();

const failedRecipient = (address: string, failure: SmtpFailure): FailedRecipient => {
  const answer = (failure.response ?? '421 4.4.1 Unable to connect to remote host').replace(/\s*[\r\n]+\s*/g, ' ');
  const status = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(answer)?.[1];
  return { address, answer, status: status ?? (isPermanent(failure) ? '5.0.0' : '4.0.0') };
};

/** @param server  `HOST:PORT` of the SMTP server that holds the local domain. */
export const createSmtpHandOn = (server: string, timers: Timers): SmtpHandOn => {
  const { hostname, port } = new URL(`smtp://${server}`);
  const transport = createTransport({
    pool: true,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 25),
    name: 'aws-sandbox.test',
    ignoreTLS: true,
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
    connectionTimeout: SOCKET_TIMEOUT_MS,
    greetingTimeout: SOCKET_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
  });
  let stopped = false;

  const attempt = async (message: HandOn, report: HandOnReport, startedAt: number, delayMs: number): Promise<void> => {
    const failures: { address: string; failure: SmtpFailure }[] = [];
    try {
      const envelope = { from: message.from, to: [...message.recipients] };
      const info = await transport.sendMail({ envelope, raw: message.raw });
      const delivered = message.recipients.filter((address) => info.accepted.some((one) => isSame(one, address)));
      if (delivered.length > 0) report.delivered(delivered, info.response);
      for (const failure of (info.rejectedErrors ?? []) as SmtpFailure[]) {
        failures.push({ address: message.recipients.find((one) => isSame(one, failure.recipient)) ?? '', failure });
      }
    } catch (error) {
      const failure = error as SmtpFailure;
      for (const address of message.recipients) {
        const own = failure.rejectedErrors?.find(({ recipient }) => isSame(address, recipient));
        failures.push({ address, failure: own ?? failure });
      }
    }
    if (stopped) return;

    const refused = failures.filter(({ failure }) => isPermanent(failure));
    if (refused.length > 0) report.refused(refused.map(({ address, failure }) => failedRecipient(address, failure)));
    const waiting = failures.filter(({ failure }) => !isPermanent(failure));
    if (waiting.length === 0) return;
    if (Date.now() + delayMs - startedAt > GIVE_UP_AFTER_MS) {
      const last = ({ address, failure }: (typeof waiting)[number]): FailedRecipient =>
        failure.response === undefined ? unreachable(address) : failedRecipient(address, failure);
      return report.gaveUp(waiting.map(last));
    }
    const rest = { ...message, recipients: waiting.map(({ address }) => address) };
    timers.after(delayMs, () => void attempt(rest, report, startedAt, Math.min(delayMs * 2, LONGEST_RETRY_MS)));
  };

  return {
    send: (message, report) => void attempt(message, report, Date.now(), FIRST_RETRY_MS),
    stop() {
      stopped = true;
      transport.close();
    },
  };
};
