import type { Outcome, CarrierFeedback, WaitCause } from '../send/outcome.js';

/** The relay took a message, for these recipients or all but these. */
export interface SmtpReply {
  response: string;
  refused: readonly { address: string; response: string; permanent: boolean }[];
}

/** A transaction that brought no yes. */
export interface SmtpFailure {
  error: unknown;
  /** The message had been written to its end: the relay may have taken it. */
  complete: boolean;
}

const REASON_MAX = 500;
/** RFC 3463 §2: class.subject.detail. */
const ENHANCED_STATUS = /\b[245]\.\d{1,3}\.\d{1,3}\b/;
/** RFC 5321 §4.2.3 and RFC 4954 §6: the relay does not let us in, which no message can help. */
const OPERATOR_REPLIES = new Set([530, 534, 535, 538]);
/** RFC 5321 §4.2.3: of commands and their order, so of the two programs and not of this message. */
const PROTOCOL_REPLIES = new Set([500, 501, 502, 503, 504]);

/** Node's and OpenSSL's names for certificates and protocols that do not fit. */
const TLS_TROUBLE = /CERT|SELF_SIGNED|TLS|SSL/;

/** What is looked at in an error of nodemailer. */
interface SmtpError {
  code?: unknown;
  /** Of the operating system or of Node's TLS, where nodemailer put a code of its own in its place. */
  originalCode?: unknown;
  responseCode?: unknown;
  response?: unknown;
  command?: unknown;
}

/**
 * What a failed transaction says about the message. Pure and total: only what proves that the relay did not take it is a
 * wait, a retry or an end.
 */
export function outcomeOfFailure({ error, complete }: SmtpFailure): Outcome {
  const { code, originalCode, responseCode, response, command } = (error ?? {}) as SmtpError;
  const reply = typeof responseCode === 'number' ? responseCode : 0;
  const reason = line(response);
  const name = `smtp_${reply}`;
  if (code === 'EAUTH' || OPERATOR_REPLIES.has(reply)) return waitFor('operator', name, LOCKED_OUT);
  if (code === 'ETLS' || TLS_TROUBLE.test(text(originalCode)))
    return waitFor('operator', 'smtp_tls', 'The relay offers no TLS that can be trusted.');
  // 421 is a goodbye at any time (RFC 5321 §3.8); the other 4yz are about the transaction.
  if (reply >= 400 && reply < 500) return waitFor(command === 'RCPT TO' ? 'rate' : 'outage', name, reason);
  if (PROTOCOL_REPLIES.has(reply)) return { kind: 'retry', code: name, reason };
  if (reply >= 500) return { kind: 'rejected', code: name, reason };
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { kind: 'rejected', code: text(code), reason: TOO_LARGE };
  if (!complete) return waitFor('outage', text(code) || 'unreached', 'The relay could not be reached.');
  return { kind: 'unknown', code: text(code) || 'no_answer', reason: NO_ANSWER };
}

/** Refusals of single recipients, as feedback about them: nobody else will tell. */
export function feedbackOf({ refused }: SmtpReply): CarrierFeedback[] {
  const ofKind = (permanent: boolean): CarrierFeedback[] => {
    const named = refused.filter((one) => one.permanent === permanent);
    if (named.length === 0) return [];
    return [
      {
        kind: 'bounced',
        type: permanent ? 'Permanent' : 'Transient',
        subType: null,
        recipients: named.map(({ address, response }) => ({
          address,
          status: ENHANCED_STATUS.exec(response)?.[0] ?? null,
          diagnostic: `smtp; ${line(response)}`,
        })),
      },
    ];
  };
  return [...ofKind(true), ...ofKind(false)];
}

const LOCKED_OUT = 'Sending is paused until the operator has mended the login at the relay.';
const TOO_LARGE = 'The relay does not take a message of this size or with these addresses.';
const NO_ANSWER = 'The relay gave no clear answer; the message may have been sent.';

const waitFor = (cause: WaitCause, code: string, reason: string): Outcome => ({ kind: 'wait', cause, code, reason });
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const line = (value: unknown): string => text(value).replaceAll(/\s+/g, ' ').slice(0, REASON_MAX);
