import { describe, expect, test } from '@jest/globals';
import { outcomeOfError } from './ses-errors.js';

/** An answer of SES with its error document, as the SDK shows it. */
const said = (name: string, httpStatusCode: number, message = 'Said by SES.') =>
  Object.assign(new Error(message), { name, Error: { Code: name, Message: message }, $metadata: { httpStatusCode } });
/** An answer without one: a proxy's page, or nothing at all. */
const http = (httpStatusCode: number) =>
  Object.assign(new Error('Unknown'), {
    name: 'Unknown',
    Error: { Message: 'Unknown' },
    $metadata: { httpStatusCode },
  });
const system = (code: string, syscall?: string, name = 'Error') =>
  Object.assign(new Error(code), { name, code, ...(syscall === undefined ? {} : { syscall }), $metadata: {} });

const RATE = 'Maximum sending rate exceeded.';
const DAILY = 'Daily message quota exceeded.';

describe('errors of SendRawEmail', () => {
  test.each([
    ['send rate', said('Throttling', 400, RATE), 'rate'],
    ['send rate, other name', said('ThrottlingException', 400, RATE), 'rate'],
    ['daily quota', said('Throttling', 400, DAILY), 'quota'],
    ['throttling, other text', said('Throttling', 400, 'Rate exceeded'), 'rate'],
    ['configuration set missing', said('ConfigurationSetDoesNotExistException', 400), 'operator'],
    ['configuration set paused', said('ConfigurationSetSendingPausedException', 400), 'operator'],
    ['account paused', said('AccountSendingPausedException', 400), 'operator'],
    ['unknown key', said('InvalidClientTokenId', 403), 'operator'],
    ['wrong secret', said('SignatureDoesNotMatch', 403), 'operator'],
    ['not allowed', said('AccessDenied', 403), 'operator'],
    ['expired credentials', said('ExpiredToken', 403), 'operator'],
    ['clock, expired', said('RequestExpired', 400), 'operator'],
    ['clock, skewed', said('RequestTimeTooSkewed', 403), 'operator'],
    ['no credentials', Object.assign(new Error('none'), { name: 'CredentialsProviderError' }), 'operator'],
    ['SES down', said('ServiceUnavailable', 503), 'outage'],
    ['SES broken', said('InternalFailure', 500), 'outage'],
    ['SES broken, unknown code', said('SomethingNew', 500), 'outage'],
    ['503 from a load balancer', http(503), 'outage'],
    ['429 from a proxy', http(429), 'rate'],
    ['refused', system('ECONNREFUSED', 'connect'), 'outage'],
    ['no such host', system('ENOTFOUND', 'getaddrinfo'), 'outage'],
    ['name server away', system('EAI_AGAIN', 'getaddrinfo'), 'outage'],
    ['no way to the host', system('EHOSTUNREACH', 'connect'), 'outage'],
    ['connecting took too long', system('ETIMEDOUT', 'connect'), 'outage'],
    ['foreign certificate', system('ERR_TLS_CERT_ALTNAME_INVALID'), 'outage'],
  ])('%s: waits', (_, error, cause) => {
    expect(outcomeOfError(error)).toMatchObject({ kind: 'wait', cause });
  });

  test.each([
    ['identity not verified', said('MessageRejected', 400, 'Email address is not verified.')],
    ['bad MIME', said('MessageRejected', 400, 'Transaction failed: Invalid content')],
    ['bad address', said('InvalidParameterValue', 400, 'Local address contains control or whitespace')],
    ['no recipient', said('ValidationError', 400)],
  ])('%s: rejected for good, with what SES said', (_, error) => {
    expect(outcomeOfError(error)).toEqual({ kind: 'rejected', code: error.name, reason: error.message });
  });

  test('MAIL FROM domain: rejected for good, and the operator is told', () => {
    expect(outcomeOfError(said('MailFromDomainNotVerifiedException', 400))).toEqual({
      kind: 'rejected',
      code: 'MailFromDomainNotVerifiedException',
      reason: 'Said by SES.',
      forOperator: true,
    });
  });

  test.each([
    ['a code that nobody knows', said('SomethingNew', 400)],
    ['a wrong endpoint', http(404)],
    ['a redirect', http(302)],
  ])('%s: a clear no that costs a try', (_, error) => {
    expect(outcomeOfError(error)).toMatchObject({ kind: 'retry' });
  });

  test.each([
    ['request time-out', system('ETIMEDOUT', undefined, 'TimeoutError')],
    ['reset', system('ECONNRESET', 'read', 'TimeoutError')],
    ['hung up', system('ECONNRESET', undefined, 'TimeoutError')],
    ['broken pipe', system('EPIPE', 'write')],
    ['aborted', Object.assign(new Error('aborted'), { name: 'AbortError' })],
    ['502 of a proxy', http(502)],
    ['504 of a proxy', http(504)],
    ['500 without a document', http(500)],
    ['a 200 that cannot be read', Object.assign(new Error('XML parse error'), { $metadata: { httpStatusCode: 200 } })],
    ['a bug', new TypeError('undefined is not a function')],
    ['nothing', undefined],
    ['text', 'oops'],
  ])('%s: unknown', (_, error) => {
    expect(outcomeOfError(error)).toMatchObject({ kind: 'unknown', code: expect.stringMatching(/\w/) });
  });

  test('a reason is never longer than a recipient row should hold', () => {
    const outcome = outcomeOfError(said('MessageRejected', 400, 'x'.repeat(10_000)));
    expect(outcome).toMatchObject({ reason: 'x'.repeat(500) });
  });
});
