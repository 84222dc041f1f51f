/** `_request` is appended to role names, and PostgreSQL cuts identifiers after 63 bytes. */
const PLAIN_IDENTIFIER = /^[a-z_][a-z0-9_]{0,54}$/;

/**
 * Schemas and roles keep to names that need no quoting, because some places (connection options) cannot quote.
 * @throws Error that names the offender.
 */
export function plainIdentifier(name: string, what: string): string {
  if (PLAIN_IDENTIFIER.test(name)) return name;
  throw new Error(`${what} "${name}" must be lower-case letters, digits and _, at most 55, not starting with a digit`);
}

/** The role that reads and writes for requests, bound by row-level security; granted to the service's own role. */
export const requestRoleOf = (serviceRole: string): string => `${serviceRole}_request`;
