import { randomBytes } from 'node:crypto';

/** A caller's own id is taken when it is visible ASCII of a bounded length, so that it can go into logs and headers as it is. */
const TAKEN = /^[\x21-\x7e]{1,128}$/;
const RANDOM_BYTES = 16;

/** The id of a request: the caller's X-Request-Id if it can be taken, else a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && TAKEN.test(header) ? header : newRequestId();
}

export const newRequestId = (): string => `req_${randomBytes(RANDOM_BYTES).toString('hex')}`;
