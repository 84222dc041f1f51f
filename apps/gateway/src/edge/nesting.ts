/** Our own bodies nest three levels deep; recursion over more than this would be an attacker's choice of stack depth. */
export const NESTING_MAX = 32;

/** Tells whether a JSON value nests arrays and objects deeper than allowed; looks no deeper than that itself. */
export function nestsTooDeep(value: unknown, levelsLeft = NESTING_MAX): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levelsLeft === 0) return true;
  const members: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return members.some((member) => nestsTooDeep(member, levelsLeft - 1));
}
