import {
  Address,
  AddressInput,
  ApiKey,
  Approval,
  Attachment,
  AttachmentDetails,
  AttachmentInput,
  CreatedOrganization,
  CreatePolicyBody,
  Detection,
  Domain,
  DomainRecord,
  Draft,
  ErrorReply,
  Inbox,
  ListEntry,
  Message,
  MessageView,
  Organization,
  Policy,
  PublicEvent,
  Recipient,
  ROUTES,
  Security,
  Suppression,
  Thread,
  Webhook,
  WebhookDelivery,
} from '@postern/contracts';
import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

type Named = Readonly<Record<string, z.ZodType>>;

/** Shapes that get a name in the document; the others are written where they are used. */
const NAMED_INPUTS: Named = { AddressInput, AttachmentInput, PolicyInput: CreatePolicyBody };
const NAMED_OUTPUTS: Named = {
  Address,
  ApiKey,
  Approval,
  Attachment,
  AttachmentDetails,
  CreatedOrganization,
  Detection,
  Domain,
  DomainRecord,
  Draft,
  Error: ErrorReply,
  Event: PublicEvent,
  Inbox,
  ListEntry,
  Message,
  MessageView,
  Organization,
  Policy,
  Recipient,
  Security,
  Suppression,
  Thread,
  Webhook,
  WebhookDelivery,
};

type JsonSchemaOf = NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override'];

/** Takes out what zod adds and no reader needs; replies stay open, because they may gain fields. */
const simplify =
  (io: 'input' | 'output'): JsonSchemaOf =>
  ({ jsonSchema }) => {
    if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  };

const refTo = (name: string): string => `#/components/schemas/${name}`;

/** Turns many schemas into JSON Schema (2020-12) at once, so that they can refer to each other by name. */
function writeAll(
  io: 'input' | 'output',
  named: Named,
  inline: readonly z.ZodType[],
): { components: Record<string, JsonSchema>; of: (schema: z.ZodType) => JsonSchema } {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const inlineIds = new Map<z.ZodType, string>();
  for (const schema of inline) {
    if (registry.has(schema)) continue;
    const id = `inline ${inlineIds.size}`;
    inlineIds.set(schema, id);
    registry.add(schema, { id });
  }
  const { schemas } = z.toJSONSchema(registry, { io, unrepresentable: 'any', uri: refTo, override: simplify(io) });
  const written = (id: string): JsonSchema => {
    const { $schema: _dialect, $id: _id, ...schema } = schemas[id] as JsonSchema;
    return schema;
  };
  return {
    components: Object.fromEntries(Object.keys(named).map((id) => [id, written(id)])),
    of: (schema) => {
      const id = inlineIds.get(schema);
      return id === undefined ? { $ref: refTo(registry.get(schema)?.id ?? '') } : written(id);
    },
  };
}

const parts = (which: 'params' | 'query' | 'body' | 'response'): z.ZodType[] => ROUTES.map((route) => route[which]);

/**
 * JSON Schemas of the HTTP contract. What clients send is described before parsing (defaults are optional, no unknown
 * fields), what they get after it.
 */
export function jsonSchemas() {
  const input = writeAll('input', NAMED_INPUTS, [...parts('params'), ...parts('query'), ...parts('body')]);
  const output = writeAll('output', NAMED_OUTPUTS, parts('response'));
  return { components: { ...input.components, ...output.components }, inputOf: input.of, outputOf: output.of };
}
