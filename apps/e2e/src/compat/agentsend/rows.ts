import { expect } from '@jest/globals';
import type { Json, Reply } from '../../harness/client.js';

/** Makes it when it is first asked for. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

/** What JSON says, to be compared with more or less of it. */
export const fieldsOf = (json: Json): Record<string, unknown> => json as unknown as Record<string, unknown>;

/** `{error: {code, message}}`, as its client reads it. */
export function expectRefusal({ status, body }: Reply, wanted: number, code: string): void {
  expect([status, body]).toEqual([
    wanted,
    { error: expect.objectContaining({ code, message: expect.stringMatching(/\w/) }) },
  ]);
}

/** What a wrong request gets. @param field  that the message names. */
export function expectWrong(reply: Reply, field: string): void {
  expectRefusal(reply, 400, 'VALIDATION_ERROR');
  expect(reply.body['error']?.['message']).toMatch(new RegExp(`(^|; )${field}`));
}

export const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
