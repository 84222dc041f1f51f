import { expect } from '@jest/globals';
import { AgentMailError } from 'agentmail';

/** Expects the error that the client throws, with its class and code. */
export async function refused(
  asked: PromiseLike<unknown>,
  [status, code]: readonly [number, string],
  type: new (...args: never[]) => AgentMailError = AgentMailError as never,
): Promise<AgentMailError> {
  const error = await Promise.resolve(asked).then(
    (answer: unknown) => Promise.reject(new Error(`it was not refused: ${JSON.stringify(answer)}`)),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(type);
  const { statusCode, body } = error as AgentMailError;
  expect([statusCode, (body as { code?: string }).code]).toEqual([status, code]);
  return error as AgentMailError;
}

export const INVALID = [400, 'validation_error'] as const;
export const ABSENT = [404, 'not_found'] as const;
export const REJECTED = [403, 'message_rejected'] as const;
export const CONFLICT = [409, 'conflict'] as const;
