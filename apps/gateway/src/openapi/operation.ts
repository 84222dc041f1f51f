import type { RouteDefinition } from '@postern/contracts';
import { errorResponses, RATE_HEADERS } from './error-responses.js';
import type { JsonSchema, jsonSchemas } from './json-schemas.js';

type Schemas = Pick<ReturnType<typeof jsonSchemas>, 'inputOf' | 'outputOf'>;

const NO_CONTENT = 204;
const FOUND = 302;
/** What a key gets where a link gets the content. */
const REDIRECT = {
  description: 'A signed link, for a request with a key',
  headers: { Location: { schema: { type: 'string' }, description: 'The same path, with a `token`' } },
};
/** One file, in a form or by itself. */
const FILE_BODY = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: {
        type: 'object',
        required: ['file'],
        properties: { file: { type: 'string', contentMediaType: 'application/octet-stream' } },
      },
    },
    '*/*': { schema: { description: 'The file itself; its name is `filename` in the query' } },
  },
};
const STATUS_TEXTS = {
  200: 'Done',
  201: 'Created',
  202: 'Accepted; the rest happens later',
  204: 'Done; there is nothing to show',
} as const;

/** A route as an OpenAPI 3.1 operation. */
export function operationOf(route: RouteDefinition, schemas: Schemas): object {
  const { rootKey, descriptionOfScope } = accessOf(route);
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, descriptionOfScope].filter(Boolean).join('\n\n'),
    // OpenAPI 3.1, "Security Requirement Object": for these schemes the list holds the roles that are needed.
    security: [
      ...(rootKey ? [{ rootKey: [] }] : [{ bearer: [route.scope] }, { apiKeyHeader: [route.scope] }]),
      ...(route.signedLink ? [{ signedLink: [] }] : []),
    ],
    ...parametersOf(route, schemas),
    ...requestBodyOf(route, schemas),
    responses: {
      [route.status]: successOf(route, schemas),
      ...(route.signedLink === 'redirects' && { [FOUND]: REDIRECT }),
      ...errorResponses(route),
    },
  };
}

function accessOf({ scope, wholeOrganization }: RouteDefinition): { rootKey: boolean; descriptionOfScope: string } {
  if (scope === 'root') return { rootKey: true, descriptionOfScope: 'Needs the root key.' };
  const unbound = wholeOrganization ? ', and a key that is not bound to inboxes' : '';
  return { rootKey: false, descriptionOfScope: `Needs the scope \`${scope}\`${unbound}.` };
}

function parametersOf(route: RouteDefinition, { inputOf }: Schemas): { parameters?: object[] } {
  const parameters = [
    ...fieldsOf(inputOf(route.params)).map((field) => ({ ...field, in: 'path', required: true })),
    ...fieldsOf(inputOf(route.query)).map((field) => ({ ...field, in: 'query' })),
    ...(route.idempotent ? [{ $ref: '#/components/parameters/Idempotency-Key' }] : []),
    ...(route.prefersWait ? [{ $ref: '#/components/parameters/Prefer' }] : []),
  ];
  return parameters.length === 0 ? {} : { parameters };
}

interface Field {
  name: string;
  required: boolean;
  description?: string;
  schema: JsonSchema;
}

/** The properties of an object's JSON Schema, as parameters. */
function fieldsOf(object: JsonSchema): Field[] {
  const required = (object['required'] ?? []) as string[];
  const properties = (object['properties'] ?? {}) as Record<string, JsonSchema>;
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    required: required.includes(name),
    ...(typeof description === 'string' && { description }),
    schema,
  }));
}

function requestBodyOf(route: RouteDefinition, { inputOf }: Schemas): object {
  if (route.takesFile) return { requestBody: FILE_BODY };
  const schema = inputOf(route.body);
  const takesNothing = Object.keys((schema['properties'] ?? {}) as object).length === 0;
  if (takesNothing) return {};
  const required = ((schema['required'] ?? []) as string[]).length > 0;
  const media = { schema, ...(route.example && { example: route.example }) };
  return { requestBody: { required, content: { 'application/json': media } } };
}

function successOf(route: RouteDefinition, { outputOf }: Schemas): object {
  const headers = [
    'X-Request-Id',
    'X-Credits-Remaining',
    ...RATE_HEADERS,
    ...(route.idempotent ? ['Idempotent-Replay'] : []),
    ...(route.prefersWait ? ['Preference-Applied'] : []),
  ];
  return {
    description: STATUS_TEXTS[route.status],
    headers: Object.fromEntries(headers.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
    ...(route.status !== NO_CONTENT && { content: contentOf(route, outputOf) }),
  };
}

function contentOf(route: RouteDefinition, outputOf: Schemas['outputOf']): object {
  if (route.produces !== undefined) return { [route.produces]: { schema: { type: 'string' } } };
  return { 'application/json': { schema: outputOf(route.response) } };
}
