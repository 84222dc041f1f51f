import { ERROR_CODES, type ErrorCode, type RouteDefinition } from '@postern/contracts';

const EXAMPLE_REQUEST_ID = 'req_7d1f0c6b2a9e4835bb0f6c1de2a94f70';

/** On every reply to a call whose key may make it. */
export const RATE_HEADERS = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] as const;
/** Decided before a call is counted. */
const BEFORE_COUNTING: ReadonlySet<number> = new Set([401, 403]);

/** What any route may answer. */
const ALWAYS: readonly ErrorCode[] = [
  'bad_request',
  'unauthorized',
  'forbidden',
  'validation_error',
  'rate_limited',
  'unavailable',
];

/** Codes that a route may answer, by status. */
function codesByStatus(route: RouteDefinition): Map<number, ErrorCode[]> {
  const codes = new Set<ErrorCode>([...ALWAYS, ...route.errors]);
  if (route.path.includes('{')) codes.add('not_found');
  if (route.idempotent) codes.add('idempotency_conflict');
  if (route.method !== 'GET') codes.add('unsupported_media_type').add('payload_too_large');
  const byStatus = new Map<number, ErrorCode[]>();
  // In the order of the table, so that the same codes always make the same response.
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    if (!codes.has(code)) continue;
    const { status } = ERROR_CODES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return byStatus;
}

const nameOf = (codes: readonly ErrorCode[]): string => codes.join('-or-');

/** The error responses of a route, as references to {@link errorComponents}. */
export function errorResponses(route: RouteDefinition): Record<string, object> {
  return Object.fromEntries(
    [...codesByStatus(route)].map(([status, codes]) => [
      String(status),
      { $ref: `#/components/responses/${nameOf(codes)}` },
    ]),
  );
}

/** Every combination of codes that some route answers with one status, once. */
export function errorComponents(routes: readonly RouteDefinition[]): Record<string, object> {
  const combinations = routes.flatMap((route) => [...codesByStatus(route)]);
  return Object.fromEntries(combinations.map(([status, codes]) => [nameOf(codes), component(status, codes)]));
}

const headerRef = (name: string): [string, object] => [name, { $ref: `#/components/headers/${name}` }];

function component(status: number, codes: readonly ErrorCode[]): object {
  const examples = codes.map((code) => [code, { summary: ERROR_CODES[code].when, value: example(code) }]);
  return {
    description: codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].when}`).join('\n\n'),
    headers: Object.fromEntries(
      [
        'X-Request-Id',
        ...(BEFORE_COUNTING.has(status) ? [] : RATE_HEADERS),
        ...(status === 429 || status === 503 ? ['Retry-After'] : []),
      ].map(headerRef),
    ),
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/Error' },
        examples: Object.fromEntries(examples),
      },
    },
  };
}

const DETAILS: Partial<Record<ErrorCode, object>> = {
  validation_error: {
    issues: [{ path: 'to[0].address', message: 'must be an email address such as ann@example.com' }],
  },
  rate_limited: { reason: 'rate', limit: 600 },
  recipients_blocked: { recipients: [{ address: 'ann@example.com', reason: 'suppressed_bounce' }] },
};

function example(code: ErrorCode): object {
  const { status, when } = ERROR_CODES[code];
  const details = DETAILS[code];
  return { error: { code, message: when, status, request_id: EXAMPLE_REQUEST_ID, ...(details && { details }) } };
}
