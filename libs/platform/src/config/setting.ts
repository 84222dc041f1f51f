import { z } from 'zod';

/** What a reader of the settings page learns about one setting; `default` and `example` are written as in the environment. */
export interface SettingMeta {
  description: string;
  /** Unit of a number: seconds, bytes, … */
  unit?: string;
  /** Used when the variable is absent or empty. Without it, and without an optional schema, the setting is required. */
  default?: string;
  example: string;
  /** A secret is never shown: not in problems, not in logs. */
  secret?: boolean;
}

export interface Setting<S extends z.ZodType = z.ZodType> {
  readonly schema: S;
  readonly meta: SettingMeta;
}

/** Names are the variables' names: `DATABASE_URL`. */
export type Settings = Readonly<Record<string, Setting>>;

/** What {@link loadSettings} returns for a set of settings. */
export type SettingValues<T extends Settings> = { readonly [K in keyof T]: z.output<T[K]['schema']> };

/**
 * Declares one setting.
 * @param schema  takes the variable's text; `z.coerce`, {@link wholeNumber}, {@link onOff} turn it into something else.
 */
export function setting<S extends z.ZodType>(schema: S, meta: SettingMeta): Setting<S> {
  return { schema, meta };
}

/** Declares the settings of a service, typically `{...baseSettings, PORT: setting(…)}`. */
export function defineSettings<const T extends Settings>(settings: T): T {
  return settings;
}

const MAX_PORT = 65_535;

/** A whole number between two bounds, both allowed. */
export const wholeNumber = (min: number, max: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,15}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);

/** A TCP port; 0 asks the system for a free one. */
export const portNumber = (): z.ZodType<number> => wholeNumber(0, MAX_PORT);

/** `true` or `false`. */
export const onOff = (): z.ZodType<boolean> =>
  z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');

/** A URL with one of the given schemes, kept as text. */
export const urlOf = (...schemes: readonly [string, ...string[]]): z.ZodType<string> =>
  z
    .string()
    .refine(
      (value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)),
      `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
    );
