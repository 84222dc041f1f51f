import type { Outcome, WaitCause } from '../send/outcome.js';

/** Reasons are shown to tenants; SES's own texts are short, a proxy's may not be. */
const REASON_MAX = 500;

/** SES's codes that stop the whole queue until somebody acts. Nothing is wrong with the messages. */
const OPERATOR_CODES = new Set([
  'ConfigurationSetDoesNotExistException',
  'ConfigurationSetSendingPausedException',
  'AccountSendingPausedException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'OptInRequired',
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'ExpiredTokenException',
  // Our clock: the signature names a time that SES does not accept.
  'RequestExpired',
  'RequestTimeTooSkewed',
]);
/** SES's codes that are final for the message. */
const FINAL_CODES = new Set([
  'MessageRejected',
  'InvalidParameterValue',
  'InvalidParameterCombination',
  'MissingParameter',
  'ValidationError',
]);
const THROTTLING_CODES = new Set(['Throttling', 'ThrottlingException', 'TooManyRequestsException']);
/** SES's codes for its own faults: it answered, so it did not take the message. */
const OUTAGE_CODES = new Set([
  'InternalFailure',
  'InternalServiceError',
  'InternalServerError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
]);
/** The connection was never made, so nothing was sent. */
const UNREACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** What is looked at in an error of the SDK. */
interface SdkError {
  name?: unknown;
  message?: unknown;
  /** Of the operating system, of Node's TLS, or of the SDK. */
  code?: unknown;
  syscall?: unknown;
  /** The error document of SES, when there was one: a proxy's 502 page has none. */
  Error?: { Code?: unknown };
  $metadata?: { httpStatusCode?: unknown };
}

/**
 * What an error of SendRawEmail says about the message. A clear no is a wait, a retry or an end; everything that does
 * not prove that SES refused is unknown, because the mail may be out already. Pure and total.
 * Source: the errors of SendRawEmail as `@aws-sdk/client-ses` shows them, tried one by one.
 */
export function outcomeOfError(error: unknown): Outcome {
  const { name, message, code, syscall, Error: document, $metadata } = (error ?? {}) as SdkError;
  const reason = text(message).slice(0, REASON_MAX);
  if (document?.Code !== undefined) return refusal(text(name), reason, status($metadata));
  const unreached = UNREACHED.has(text(code)) || (code === 'ETIMEDOUT' && syscall === 'connect');
  if (unreached) return waitFor('outage', text(code), 'Amazon SES could not be reached.');
  // No credentials were found or could be fetched, so there was nothing to sign and no call.
  if (name === 'CredentialsProviderError') return waitFor('operator', 'CredentialsProviderError', PAUSED);
  return withoutDocument(status($metadata), text(code) || text(name));
}

const PAUSED = 'Sending is paused until the operator has mended the account or its settings.';

/** SES answered, with a code. */
function refusal(code: string, reason: string, httpStatus: number): Outcome {
  if (THROTTLING_CODES.has(code)) {
    // The same code for two very different things; only the text tells (SES developer guide, "Errors related to sending quotas").
    const daily = /daily message quota/i.test(reason);
    return waitFor(daily ? 'quota' : 'rate', daily ? 'DailyQuotaExceeded' : code, reason);
  }
  if (OPERATOR_CODES.has(code)) return waitFor('operator', code, PAUSED);
  if (FINAL_CODES.has(code)) return { kind: 'rejected', code, reason };
  // Final for this message, and for the next one of its domain until somebody mends the domain's MX record.
  if (code === 'MailFromDomainNotVerifiedException') return { kind: 'rejected', code, reason, forOperator: true };
  if (OUTAGE_CODES.has(code) || httpStatus >= 500) return waitFor('outage', code, reason);
  return { kind: 'retry', code, reason };
}

/**
 * Something answered that is not SES (a proxy, a load balancer), or nothing did. 503 and 429 are said before a request
 * is passed on. Any other 5xx may hide that SES took the message and its answer was lost; so may a 2xx that cannot be read.
 */
function withoutDocument(httpStatus: number, code: string): Outcome {
  if (httpStatus === 503) return waitFor('outage', 'http_503', 'Amazon SES is not available.');
  if (httpStatus === 429) return waitFor('rate', 'http_429', 'Too many calls.');
  if (httpStatus >= 300 && httpStatus < 500) {
    return {
      kind: 'retry',
      code: `http_${httpStatus}`,
      reason: `HTTP ${httpStatus} from something before Amazon SES.`,
    };
  }
  return { kind: 'unknown', code: code || 'no_answer', reason: NO_ANSWER };
}

/** SES's answer did not come or cannot be read. */
export const NO_ANSWER = 'Amazon SES gave no clear answer; the message may have been sent.';

const waitFor = (cause: WaitCause, code: string, reason: string): Outcome => ({ kind: 'wait', cause, code, reason });
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const status = (metadata: SdkError['$metadata']): number =>
  typeof metadata?.httpStatusCode === 'number' ? metadata.httpStatusCode : 0;
