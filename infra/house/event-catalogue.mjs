import { z } from 'zod';

/** One line for a JSON Schema: enough to see what a field is. */
function brief(schema) {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(' \\| ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.anyOf) return schema.anyOf.map(brief).join(' or ');
  if (schema.type === 'array') return `list of ${brief(schema.items ?? {})}`;
  if (schema.type === 'object') return schema.properties ? `{${Object.keys(schema.properties).join(', ')}}` : 'object';
  return schema.format ? `${schema.type} (${schema.format})` : (schema.type ?? 'any');
}

/** The facts of the system as a page: who says them, who hears them, what is in them. */
export function eventCatalogue(events, consumers, note) {
  const takers = (type) =>
    Object.entries(consumers)
      .filter(([, taken]) => taken.some((event) => event.type === type))
      .map(([name]) => `\`${name}\``);
  const sections = events.map((event) => {
    const schema = z.toJSONSchema(event.data, { io: 'input', unrepresentable: 'any' });
    const required = new Set(schema.required ?? []);
    const rows = Object.entries(schema.properties ?? {}).map(
      ([name, field]) => `| \`${name}\`${required.has(name) ? '' : ' (optional)'} | ${brief(field)} |`,
    );
    return [
      `## ${event.type}`,
      '',
      event.summary,
      '',
      `Said by **${event.producer}**; heard by ${takers(event.type).join(', ') || 'nobody yet'}.`,
      '',
      '| field of `data` | what |',
      '| --- | --- |',
      ...rows,
      '',
    ].join('\n');
  });
  const frame =
    'Every fact has the same frame: `id`, `type` (also its subject), `occurredAt`, `organizationId`, `mode`, `correlationId`, ' +
    '`causationId`, `traceparent`, `data`.';
  return `# Facts\n\n${note}\n\n${frame}\n\n${sections.join('\n')}`;
}
