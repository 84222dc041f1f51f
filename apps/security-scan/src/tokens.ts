/** Injects how long a held message waits for a person, in seconds. */
export const APPROVAL_TTL_SECONDS = Symbol('APPROVAL_TTL_SECONDS');
