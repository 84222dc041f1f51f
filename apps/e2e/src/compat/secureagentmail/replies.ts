import { expect } from '@jest/globals';
import type { Json, Reply } from '../../harness/client.js';

/** Status and code of a refusal. */
export const codeOf = ({ status, body }: Reply): [number, string] => [status, String(body['error']?.['code'])];

/** All of some replies refuse alike. */
export const expectRefused = (replies: readonly Reply[], status: number, code: string): void =>
  expect(replies.map(codeOf)).toEqual(replies.map(() => [status, code]));

/** The list that a reply has under a name. */
export const listIn = (body: Json, name: string): Json[] => body[name] as unknown as Json[];
