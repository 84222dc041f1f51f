import type { z } from 'zod';
import type { Setting, Settings, SettingValues } from './setting.js';

const SHOWN_VALUE_MAX_CHARS = 80;

/** Every problem of an environment at once, one per line: `NAME: what to do`. Values of secrets are never in it. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SettingsError';
  }
}

/**
 * Reads settings from an environment. A variable that is empty counts as absent.
 * @returns a frozen record, in the types of the schemas.
 * @throws SettingsError with all problems.
 */
export function loadSettings<T extends Settings>(
  settings: T,
  env: Readonly<Record<string, string | undefined>>,
): SettingValues<T> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, declared] of Object.entries(settings)) {
    const text = env[name] || declared.meta.default;
    const parsed = declared.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name}: ${problemOf(declared, text, parsed.error)}`);
  }
  if (problems.length > 0) throw new SettingsError(problems);
  return Object.freeze(values) as SettingValues<T>;
}

function problemOf({ meta }: Setting, text: string | undefined, error: z.ZodError): string {
  const example = `for example ${meta.example}`;
  if (text === undefined) return `set it (${meta.description}), ${example}`;
  const rule = error.issues.map((issue) => issue.message).join('; ');
  const shown = meta.secret ? 'a value that is not shown' : JSON.stringify(text.slice(0, SHOWN_VALUE_MAX_CHARS));
  return `${rule}, ${example}; it is ${shown}`;
}
