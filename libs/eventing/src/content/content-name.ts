const SAFE_NAME = /^[a-z0-9_]+$/;

/**
 * Content is named by an organization and a hash; neither may lead elsewhere.
 * @throws Error for a name that could.
 */
export function requireNames(...names: readonly string[]): void {
  if (!names.every((name) => SAFE_NAME.test(name))) throw new Error('not a name of stored content');
}
