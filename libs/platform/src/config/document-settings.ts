import type { Settings } from './setting.js';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** The settings of one service as a Markdown section with a table, for `docs/generated/env.md`. */
export function documentSettings(service: string, settings: Settings): string {
  const rows = Object.entries(settings).map(([name, { meta, schema }]) => {
    const fallback =
      meta.default === undefined ? (schema.safeParse(undefined).success ? '' : 'required') : `\`${meta.default}\``;
    const description = meta.secret ? `${meta.description} Secret.` : meta.description;
    return `| \`${name}\` | ${cell(description)} | ${meta.unit ?? ''} | ${fallback} | \`${cell(meta.example)}\` |`;
  });
  return [
    `## ${service}`,
    '',
    '| name | meaning | unit | default | example |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
