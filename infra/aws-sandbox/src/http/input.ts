/** Thrown for a JSON body that is not as documented; the message says what to change. */
export class InvalidInput extends Error {}

/** @throws InvalidInput unless the value is an object with none but the allowed fields. */
export const readFields = (value: unknown, name: string, allowed: readonly string[]): Record<string, unknown> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidInput(`${name} must be a JSON object.`);
  }
  const unknown = Object.keys(value).find((field) => !allowed.includes(field));
  if (unknown !== undefined) {
    throw new InvalidInput(`${name} has an unknown field "${unknown}"; known are ${allowed.join(', ')}.`);
  }
  return value as Record<string, unknown>;
};

/** @throws InvalidInput unless the value is a number within the range. */
export const readNumber = (
  value: unknown,
  name: string,
  range: { min: number; max: number; whole?: boolean },
): number => {
  const whole = range.whole ?? false;
  const fits = typeof value === 'number' && value >= range.min && value <= range.max;
  if (fits && (!whole || Number.isInteger(value))) return value;
  throw new InvalidInput(`${name} must be a ${whole ? 'whole ' : ''}number from ${range.min} to ${range.max}.`);
};

/** @throws InvalidInput unless the value is a string that is not empty. */
export const readString = (value: unknown, name: string): string => {
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidInput(`${name} must be a string.`);
};
