import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';
import { maskAddresses } from './mask-address.js';

/** Nest's own progress reports: of use to a developer, noise to an operator. */
const ROUTINE_CONTEXTS = new Set([
  'InstanceLoader',
  'NestApplication',
  'NestFactory',
  'NestMicroservice',
  'RouterExplorer',
  'RoutesResolver',
]);

/** Writes what Nest logs through the process's logger. The last text argument is Nest's name for who speaks. */
export class NestPinoLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const context = contextOf(rest);
    this.write(context !== undefined && ROUTINE_CONTEXTS.has(context) ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    // Nest also throws what it reports in this context, and runService logs it then.
    this.write(contextOf(rest) === 'ExceptionHandler' ? 'debug' : 'error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(
    level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    const err = [message, ...rest].find((part) => part instanceof Error);
    const context = contextOf(rest);
    const text = typeof message === 'string' ? message : (err?.message ?? 'a report of the framework');
    this.logger[level]({ ...(context !== undefined && { context }), ...(err && { err }) }, maskAddresses(text));
  }
}

function contextOf(rest: readonly unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : undefined;
}
