import { currentContext } from '../context/work-context.js';
import { AppError } from '../errors/app-error.js';
import type { Logger } from './logger.js';

type Note = string | number | boolean | null | undefined;

/** The line that is being built up while the work runs. */
export interface WideLine {
  /** Adds counts, decisions and ids; addresses only through `maskAddress`. Later values of a name win. */
  add(fields: Record<string, Note>): void;
}

/**
 * Runs a unit of work and writes one line at its end: what, the ids of the context, what was added, `outcome` (`ok` or
 * the error's code) and `durationMs`. Rethrows what the work throws. INFO for success and for a caller's mistake, WARN
 * for what heals by a retry, ERROR for the rest.
 */
export async function wideLine<T>(logger: Logger, what: string, work: (line: WideLine) => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const fields: Record<string, Note> = {};
  const line: WideLine = { add: (more) => void Object.assign(fields, more) };
  const ended = (outcome: string): object => ({
    what,
    ...currentContext(),
    ...fields,
    outcome,
    durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
  });
  try {
    const result = await work(line);
    logger.info(ended('ok'));
    return result;
  } catch (error) {
    if (!(error instanceof AppError)) logger.error({ ...ended('internal'), err: error });
    else if (error.temporary) logger.warn({ ...ended(error.code), err: error });
    else if (error.httpStatus < 500) logger.info(ended(error.code));
    else logger.error({ ...ended(error.code), err: error });
    throw error;
  }
}
