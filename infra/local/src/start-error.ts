/**
 * A reason why something could not start that a person can act on.
 * `message` is one clear sentence, safe to show; the runner prints it without a stack and ends with exit code 1.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The errno code of a system error (`ENOENT`, `EACCES`, …), or undefined for any other value. */
export function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
