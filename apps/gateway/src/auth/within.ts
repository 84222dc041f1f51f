import { unavailable } from '@postern/platform';

/** The result of some work, if it comes in time; the work itself goes on. @throws AppError `unavailable` if not. */
export async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  const { promise: timeIsUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(unavailable()), timeoutMs);
  try {
    return await Promise.race([work, timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}
