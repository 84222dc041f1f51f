import type { z } from 'zod';
import type { AppError } from './app-error.js';
import { type Issue, validationError } from './factories.js';

type ZodIssue = z.core.$ZodIssue;

/** A `validation_error` with every issue of a failed parse; paths are written as `to[0].address`. */
export const fromZod = (error: z.ZodError): AppError =>
  validationError(error.issues.flatMap((issue) => issuesOf(issue, [])));

function issuesOf(issue: ZodIssue, parent: readonly PropertyKey[]): Issue[] {
  const path = [...parent, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathText([...path, key]), message: 'is not a known field; remove it' }));
  }
  if (issue.code === 'invalid_union') {
    // The branch that the value was meant for is the one whose outer type fitted; its issues say what to mend.
    const meant = issue.errors.find((issues) => issues.length > 0 && !issues.some(isOuterTypeMismatch));
    if (meant) return meant.flatMap((inner) => issuesOf(inner, path));
  }
  return [{ path: pathText(path), message: issue.message }];
}

const isOuterTypeMismatch = (issue: ZodIssue): boolean => issue.code === 'invalid_type' && issue.path.length === 0;

/** `['to', 0, 'address']` → `to[0].address`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
