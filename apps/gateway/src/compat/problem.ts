import { type AppError, type Issue, unauthorized } from '@postern/platform';
import { z } from 'zod';

const ErrorReply = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    status: z.int(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** A refusal of `/v1`, or of a front, before it is put into another system's words. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    /** Becomes Retry-After; of a refusal of `/v1`, its own header is passed back. */
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = 'Problem';
  }

  /** What is wrong with the request, field by field; empty for other codes. */
  get issues(): Issue[] {
    return (this.details['issues'] ?? []) as Issue[];
  }

  /** Reads a refusal of `/v1`. @param payload  its text */
  static fromReply(status: number, payload: string): Problem {
    const read = ErrorReply.safeParse(jsonOf(payload));
    if (!read.success) return new Problem(status, 'internal', 'The gateway could not answer; try again.');
    const { code, message, details } = read.data.error;
    return new Problem(status, code, message, details);
  }

  static from(error: AppError): Problem {
    return new Problem(error.httpStatus, error.code, error.message, error.details, error.retryAfterSeconds);
  }

  static unauthorized(): Problem {
    return Problem.from(unauthorized());
  }

  /** For paths of the other system that have nothing behind them here. */
  static noSuchCall(): Problem {
    return new Problem(404, 'not_found', 'This call is not offered here; docs/compat lists those that are.');
  }
}

function jsonOf(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}
