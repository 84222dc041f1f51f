/**
 * A reason why something could not start that a person can act on.
 * `message` is one clear sentence, safe to show; the runner prints it without a stack and ends with exit code 1.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The errno code of a system error (`ENOENT`, `EACCES`, …), or undefined for any other value. */
export function errnoOf(error: unknown): string | undefined {
  // Not by instanceof: an error of node:fs belongs to another realm when this runs in a VM context, as in Jest.
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
