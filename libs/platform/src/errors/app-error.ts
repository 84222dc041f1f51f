/** An {@link AppError} as it travels in the reply to a command. */
export interface WireError {
  code: string;
  message: string;
  httpStatus: number;
  temporary: boolean;
  details?: Record<string, unknown>;
  retryAfterSeconds?: number;
}

export interface AppErrorOptions extends WireError {
  /** What went wrong below; logged, never shown to a client. */
  cause?: unknown;
}

/**
 * An error that says what its receiver should do.
 * - `code` is stable and documented (snake_case); `message` is one sentence, safe to show.
 * - `temporary`: the same call may succeed later without being changed.
 * - `retryAfterSeconds` becomes the header Retry-After.
 */
export class AppError extends Error {
  readonly code: string;
  readonly httpStatus: number;
  readonly temporary: boolean;
  readonly details?: Record<string, unknown>;
  readonly retryAfterSeconds?: number;

  constructor(options: AppErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = options.code;
    this.httpStatus = options.httpStatus;
    this.temporary = options.temporary;
    if (options.details !== undefined) this.details = options.details;
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** Without the cause, which stays in this process's log. */
  toWire(): WireError {
    return {
      code: this.code,
      message: this.message,
      httpStatus: this.httpStatus,
      temporary: this.temporary,
      ...(this.details !== undefined && { details: this.details }),
      ...(this.retryAfterSeconds !== undefined && { retryAfterSeconds: this.retryAfterSeconds }),
    };
  }

  /** Reads what {@link toWire} wrote; anything else becomes `internal` with the value as cause. */
  static fromWire(value: unknown): AppError {
    if (isWireError(value)) return new AppError(value);
    return new AppError({
      code: 'internal',
      message: 'Something went wrong on our side; try again, and report the request id if it stays.',
      httpStatus: 500,
      temporary: false,
      cause: value,
    });
  }
}

function isWireError(value: unknown): value is WireError {
  if (typeof value !== 'object' || value === null) return false;
  const wire = value as Partial<Record<keyof WireError, unknown>>;
  return (
    typeof wire.code === 'string' &&
    typeof wire.message === 'string' &&
    typeof wire.httpStatus === 'number' &&
    Number.isInteger(wire.httpStatus) &&
    wire.httpStatus >= 400 &&
    wire.httpStatus <= 599 &&
    typeof wire.temporary === 'boolean' &&
    (wire.details === undefined || (typeof wire.details === 'object' && wire.details !== null)) &&
    (wire.retryAfterSeconds === undefined || typeof wire.retryAfterSeconds === 'number')
  );
}
