import type { Logger } from '../logging/logger.js';

export interface StopOptions {
  logger: Logger;
  /** When the stop takes longer, the process ends with code 1. */
  withinSeconds: number;
  stop: () => Promise<void>;
}

/** Stops once on SIGTERM or SIGINT, then ends the process with code 0. Further signals change nothing: a terminal sends two. */
export function stopOnSignal({ logger, withinSeconds, stop }: StopOptions): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    const startedAt = performance.now();
    const durationMs = (): number => Math.round(performance.now() - startedAt);
    setTimeout(() => {
      logger.error({ what: 'service.stop_timed_out', signal, durationMs: durationMs() });
      process.exit(1);
    }, withinSeconds * 1000).unref();
    stop().then(
      () => {
        logger.info({ what: 'service.stopped', signal, durationMs: durationMs() });
        process.exit(0);
      },
      (err: unknown) => {
        logger.error({ what: 'service.stop_failed', signal, durationMs: durationMs(), err });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** Ends the process with code 1 on an error that nobody caught: its state is unknown, and a fresh one resumes from the database. */
export function endOnFatalError(logger: Logger): void {
  const onFatal =
    (what: string) =>
    (err: unknown): void => {
      logger.fatal({ what, err });
      process.exit(1);
    };
  process.on('uncaughtException', onFatal('service.uncaught_exception'));
  process.on('unhandledRejection', onFatal('service.unhandled_rejection'));
}
