import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { maskAddresses } from './mask-address.js';
import { redacted } from './redact.js';

export type Logger = PinoLogger;

const CAUSES_MAX = 5;

interface LoggedError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: LoggedError;
}

/**
 * The parts of an error that may be logged. The rest stays out on purpose: PostgreSQL's `detail` and TypeORM's
 * `parameters` carry the tenant's rows.
 */
export function loggedError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'a value that is no Error was thrown' };
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.name,
    message: maskAddresses(error.message),
    ...(typeof code === 'string' && { code }),
    ...(error.stack !== undefined && { stack: maskAddresses(error.stack) }),
    ...(cause !== undefined && depth < CAUSES_MAX && { cause: loggedError(cause, depth + 1) }),
  };
}

/**
 * The process's logger: JSON lines on stdout, written before the call returns, so that none is lost at exit.
 * ERROR: a person must act. WARN: healed itself. INFO: units of work. DEBUG: off in production.
 */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => redacted(fields),
    },
    serializers: { err: (error: unknown) => loggedError(error) },
  };
  return destination ? pino(options, destination) : pino(options);
}
