/** A statement that PostgreSQL parses and plans once per connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** PostgreSQL cuts longer identifiers (NAMEDATALEN - 1). */
const NAME_MAX_BYTES = 63;

const textByName = new Map<string, string>();

/**
 * Declares a named statement, once per module, beside the store that uses it.
 * @throws Error when the name is longer than PostgreSQL keeps, or stands for another text already.
 */
export function sql(name: string, text: string): Statement {
  if (Buffer.byteLength(name) > NAME_MAX_BYTES)
    throw new Error(`statement name ${name} is over ${NAME_MAX_BYTES} bytes`);
  const known = textByName.get(name);
  if (known !== undefined && known !== text) throw new Error(`statement name ${name} is taken by another text`);
  textByName.set(name, text);
  return Object.freeze({ name, text });
}
