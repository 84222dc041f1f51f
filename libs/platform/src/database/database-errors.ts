import { DatabaseError } from 'pg';
import { AppError } from '../errors/app-error.js';
import { unavailable } from '../errors/factories.js';

/**
 * SQLSTATEs (PostgreSQL appendix A) after which the same work may succeed: serialization failure, deadlock, lock not
 * available, statement time-out or cancel, idle-in-transaction time-out, server stopping or starting, too many connections.
 */
const TEMPORARY_STATES = new Set(['40001', '40P01', '55P03', '57014', '25P03', '57P01', '57P02', '57P03', '53300']);
/** Class 08: connection exceptions. */
const CONNECTION_CLASS = '08';

/** A mistake of the calling code, such as a parameter that has no JSON form. */
const isProgrammingError = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;

/** Of those, what PostgreSQL ended for the sake of another transaction, which has gone on since: it may be tried again at once. */
const VICTIM_STATES = new Set(['40001', '40P01']);

/** @param error  as {@link databaseError} made it. */
export const isVictim = (error: unknown): boolean =>
  error instanceof AppError && error.cause instanceof DatabaseError && VICTIM_STATES.has(error.cause.code ?? '');

/**
 * The statement waited longer for a lock than its transaction has patience for (`lock_timeout`): lock_not_available.
 * @param error  as {@link databaseError} made it.
 */
export const isLockTimeout = (error: unknown): boolean =>
  error instanceof AppError && error.cause instanceof DatabaseError && error.cause.code === '55P03';

/** The connection cannot be used any more. True for everything that is not an answer of the server to a statement. */
export function breaksConnection(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.severity === 'FATAL' || error.severity === 'PANIC';
  return !isProgrammingError(error);
}

/**
 * What a statement's failure means to its caller: temporary ones become an AppError `unavailable`; others, such as a
 * broken unique constraint (`DatabaseError.code` 23505), stay as they are for the store to understand.
 */
export function databaseError(error: unknown): unknown {
  if (error instanceof DatabaseError) {
    const state = error.code ?? '';
    const temporary = TEMPORARY_STATES.has(state) || state.startsWith(CONNECTION_CLASS);
    return temporary ? unavailable(undefined, { cause: error }) : error;
  }
  return isProgrammingError(error) ? error : unavailable(undefined, { cause: error });
}

/** The name of the unique or check constraint that a statement broke, or undefined for any other error. */
export function brokenConstraint(error: unknown): string | undefined {
  // Class 23: integrity constraint violation.
  return error instanceof DatabaseError && error.code?.startsWith('23') ? error.constraint : undefined;
}
