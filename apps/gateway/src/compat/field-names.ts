import { Problem } from './problem.js';

/** What to write for the paths of `/v1` that match: `[/^text\b/, 'bodyText']`. */
export type FieldNames = readonly (readonly [ours: RegExp, theirs: string])[];

/** A path of `/v1` in the caller's words. */
export const fieldIn = (names: FieldNames, path: string): string =>
  names.reduce((text, [ours, theirs]) => text.replace(ours, theirs), path);

/**
 * A refusal of `/v1` names fields as `/v1` does; the caller hears of those that he has sent.
 * @throws Problem what `asked` throws, with the paths of its issues in the caller's words.
 */
export async function inFieldsOf<T>(names: FieldNames, asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof Problem) || error.issues.length === 0) throw error;
    const issues = error.issues.map(({ path, message }) => ({ path: fieldIn(names, path), message }));
    throw new Problem(error.status, error.code, error.message, { ...error.details, issues });
  }
}
