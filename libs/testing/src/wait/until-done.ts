import { AppError } from '@postern/platform';

/**
 * The outcome of a call with an idempotency key that others have too, asked for as a client does: again, when one of the
 * others goes on for so long that this one is told to come back.
 */
export async function untilDone<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'idempotency_in_progress') throw error;
    }
  }
}
