import { ROUTES } from '@postern/contracts';
import { errorComponents } from './error-responses.js';
import { jsonSchemas } from './json-schemas.js';
import { operationOf } from './operation.js';
import { WAIT_MAX_SECONDS } from '../wait/prefer.js';

const INTRODUCTION = `Real inboxes for AI agents: send, receive and reply behind a scanner, policies and human approval.

Keys start with \`pn_live_\` or \`pn_test_\`. A test key runs the whole path, but no mail leaves.
Times are RFC 3339 in UTC. Unknown fields are refused. Lists are paged by \`cursor\` and come newest first unless said.
Every POST takes the header \`Idempotency-Key\`: the same key and body give the first reply again.`;

const text = (description: string): object => ({ description, schema: { type: 'string' } });
const wholeNumber = (description: string): object => ({ description, schema: { type: 'integer', minimum: 0 } });

/** The API as an OpenAPI 3.1 document, from the declared routes alone. The same on every call. */
export function openApiDocument(): Readonly<Record<string, unknown>> {
  const schemas = jsonSchemas();
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operationOf(route, schemas);
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Postern', version: '1', summary: 'The guarded mail gate of AI agents', description: INTRODUCTION },
    servers: [{ url: '/' }],
    tags: [...new Set(ROUTES.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.components,
      responses: errorComponents(ROUTES),
      parameters: {
        'Idempotency-Key': {
          name: 'Idempotency-Key',
          in: 'header',
          required: false,
          description: 'Makes the call safe to repeat for at least 24 hours.',
          schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]*$' },
        },
        Prefer: {
          name: 'Prefer',
          in: 'header',
          required: false,
          description: `\`wait=N\` (RFC 7240): replies when the scan has decided, or after N seconds with what is known. At most ${WAIT_MAX_SECONDS}; more is that. What cannot be read is ignored.`,
          schema: { type: 'string' },
          example: 'wait=10',
        },
      },
      headers: {
        'X-Request-Id': text('Names this request in our logs; taken from the request if it has one.'),
        'X-Credits-Remaining': text('Credits left in this period, or `unlimited`.'),
        'Idempotent-Replay': text('`true` when an earlier call with this idempotency key did the work.'),
        'Preference-Applied': text('The preference that was heeded, such as `wait=10`.'),
        'RateLimit-Limit': wholeNumber(
          'Requests that may be made in a minute. Without a limit it is 999999999999999, and `RateLimit-Remaining` too.',
        ),
        'RateLimit-Remaining': wholeNumber('Requests that are left in this minute.'),
        'RateLimit-Reset': wholeNumber('Seconds until the minute ends and the limit is whole again.'),
        'Retry-After': wholeNumber('Seconds to wait.'),
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key.' },
        apiKeyHeader: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'An API key.' },
        signedLink: { type: 'apiKey', in: 'query', name: 'token', description: 'The token of a signed link.' },
        rootKey: { type: 'http', scheme: 'bearer', description: 'The root key of the platform team.' },
      },
    },
  };
}
