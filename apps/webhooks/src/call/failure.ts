import { PrivateTarget, RefusedDoor } from '../target/target-guard.js';

const UNREACHABLE = 'The connection failed; check that the endpoint runs and its host name is right.';

/** Codes of Node, OpenSSL and undici that say more than that. */
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^(ENOTFOUND|ENODATA|EAI_|ESERVFAIL|ETIMEOUT$)/, 'The host name of the endpoint does not resolve.'],
  [/^ECONNREFUSED$/, 'The endpoint refused the connection.'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'The endpoint closed the connection before it answered.'],
  [/^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$/, 'The endpoint did not answer in time.'],
  [
    /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)|EPROTO/,
    'The TLS certificate or handshake of the endpoint is not valid.',
  ],
  [/^(HPE_|UND_ERR_HEADERS_OVERFLOW)/, 'The answer of the endpoint is not valid HTTP.'],
];

const DEPTH_MAX = 3;

/** Errors wrap others: `errors` of several addresses tried, `cause` of a time-out around one. */
function codesOf(error: unknown, depth = 0): string[] {
  if (typeof error !== 'object' || error === null || depth > DEPTH_MAX) return [];
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  const inner = [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])];
  return [...(typeof code === 'string' ? [code] : []), ...inner.flatMap((one) => codesOf(one, depth + 1))];
}

/** Why no answer came, as the tenant may read it: nothing of our network in it. */
export function failureText(error: unknown, hasTimedOut: boolean): string {
  if (hasTimedOut) return 'The endpoint did not answer in time.';
  if (error instanceof PrivateTarget) return 'The endpoint leads to an address that is not public.';
  if (error instanceof RefusedDoor) return 'The scheme or port of the endpoint is not allowed; change its URL.';
  const codes = codesOf(error);
  return SENTENCES.find(([pattern]) => codes.some((code) => pattern.test(code)))?.[1] ?? UNREACHABLE;
}
