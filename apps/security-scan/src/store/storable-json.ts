/**
 * JSON that PostgreSQL takes as jsonb: it refuses NUL and half surrogate pairs (datatype-json, "8.14"), which mail may
 * hold. Both carry no meaning and are left out or replaced.
 */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '') : part,
  );
