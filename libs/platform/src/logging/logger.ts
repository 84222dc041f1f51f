import { type DestinationStream, type LogFn, type Logger as PinoLogger, pino } from 'pino';
import { maskAddresses } from './mask-address.js';
import { redacted } from './redact.js';

export type Logger = PinoLogger;

const CAUSES_MAX = 5;
/** An error may quote what it choked on. */
const MESSAGE_MAX_CHARS = 1_000;
const STACK_MAX_CHARS = 4_000;

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
    message: maskAddresses(error.message.slice(0, MESSAGE_MAX_CHARS)),
    ...(typeof code === 'string' && { code }),
    ...(error.stack !== undefined && { stack: maskAddresses(error.stack.slice(0, STACK_MAX_CHARS)) }),
    ...(cause !== undefined && depth < CAUSES_MAX && { cause: loggedError(cause, depth + 1) }),
  };
}

/** pino would take a line's missing message from its error as it is, with the addresses in it. */
function withMaskedMessage(this: PinoLogger, args: Parameters<LogFn>, method: LogFn): void {
  const [fields, message] = args as [unknown, unknown];
  const err = fields instanceof Error ? fields : (fields as { err?: unknown } | null)?.err;
  if (message === undefined && err instanceof Error)
    method.call(this, fields as object, maskAddresses(err.message.slice(0, MESSAGE_MAX_CHARS)));
  else method.apply(this, args);
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
    hooks: { logMethod: withMaskedMessage },
    serializers: { err: (error: unknown) => loggedError(error) },
  };
  return destination ? pino(options, destination) : pino(options);
}
