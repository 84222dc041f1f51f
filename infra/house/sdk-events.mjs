import { z } from 'zod';

const literal = (value) => JSON.stringify(value);
const comment = ({ description }) => (description ? `/** ${description} */\n` : '');
const isSimple = (type) => /^\w+$/.test(type);
const block = (lines) => `{\n${lines.join('\n')}\n}`;

/** A JSON Schema as a TypeScript type. @throws Error for what no event has needed so far. */
function typeOf(schema) {
  if (schema.$ref) return schema.$ref;
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array': {
      const item = typeOf(schema.items);
      return isSimple(item) ? `${item}[]` : `(${item})[]`;
    }
    case 'object':
      return schema.properties ? block(fieldsOf(schema)) : `Record<string, ${typeOf(schema.additionalProperties)}>`;
    default:
      throw new Error(`The types of events know no ${literal(schema)}.`);
  }
}

const fieldsOf = ({ properties, required = [] }) =>
  Object.entries(properties).map(
    ([name, field]) => `${comment(field)}${name}${required.includes(name) ? '' : '?'}: ${typeOf(field)};`,
  );

/** Fewer fields in common are chance, not kinship. */
const KIN_FIELDS_MIN = 5;

/** One interface for each schema; one that has all fields of another extends it. */
function interfacesOf(schemas) {
  const all = Object.entries(schemas).map(([name, schema]) => ({ name, fields: fieldsOf(schema) }));
  return all.map(({ name, fields }) => {
    const base = all.find(
      (other) =>
        other.fields.length >= KIN_FIELDS_MIN &&
        other.fields.length < fields.length &&
        other.fields.every((field) => fields.includes(field)),
    );
    if (base === undefined) return `export interface ${name} ${block(fields)}`;
    const own = fields.filter((field) => !base.fields.includes(field));
    return `export interface ${name} extends ${base.name} ${block(own)}`;
  });
}

/**
 * The types of all events for those who receive them, as a module of the SDK.
 * @param frame  what every event has around its `data`.
 * @param data  the schema of `data` by event type: a named one, or a union of such.
 * @param names  schemas by their name; they may refer to each other.
 */
export function sdkEvents({ frame, data, names, note }) {
  const registry = z.registry();
  for (const [id, schema] of Object.entries(names)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: 'output', uri: (id) => id });
  const nameOf = new Map(Object.entries(names).map(([name, schema]) => [schema, name]));
  const named = (schema) => nameOf.get(schema) ?? schema.options.map((one) => nameOf.get(one)).join(' | ');
  const around = z.toJSONSchema(frame.omit({ type: true, data: true }), { io: 'output' });
  return [
    `// ${note}`,
    ...interfacesOf(schemas),
    '/** What `data` holds, by `type`. */\n' +
      `export interface EventData ${block(Object.entries(data).map(([type, schema]) => `'${type}': ${named(schema)};`))}`,
    'export type EventType = keyof EventData;',
    `/** What every event has beside its \`type\` and \`data\`. */\nexport interface EventFrame ${block(fieldsOf(around))}`,
    '/** The event of one type. */\n' +
      'export interface EventOf<T extends EventType> extends EventFrame {\ntype: T;\ndata: EventData[T];\n}',
    '/** Any event; its `type` tells which. */\n' +
      'export type PosternEvent = { [T in EventType]: EventOf<T> }[EventType];\n',
  ].join('\n\n');
}
