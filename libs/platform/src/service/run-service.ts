import { environment } from '../config/environment.js';
import { loadSettings, SettingsError } from '../config/load-settings.js';
import type { baseSettings } from '../config/base-settings.js';
import type { SettingValues } from '../config/setting.js';
import { AdminServer } from '../health/admin-server.js';
import { registerReadiness } from '../health/readiness.js';
import { createLogger, type Logger } from '../logging/logger.js';
import { collectProcessMetrics } from '../metrics/metrics.js';
import { buildService, openService, type ServiceDefinition, type ServiceSettings } from './open-service.js';
import { endOnFatalError, stopOnSignal } from './process-end.js';

/**
 * The whole life of a service's process. Ends it with code 1 when the settings are wrong (all problems printed), when the
 * start fails, or on an error that nobody caught; with code 0 after SIGTERM or SIGINT.
 */
export async function runService<S extends ServiceSettings>(service: ServiceDefinition<S>): Promise<void> {
  const config = settingsOrExit(service);
  const logger = createLogger(service.name, config.LOG_LEVEL);
  endOnFatalError(logger);
  collectProcessMetrics(service.name);
  try {
    await start(service, config, logger);
  } catch (err) {
    logger.fatal({ what: 'service.start_failed', err });
    process.exit(1);
  }
}

function settingsOrExit<S extends ServiceSettings>(
  service: ServiceDefinition<S>,
): SettingValues<S> & SettingValues<typeof baseSettings> {
  try {
    return loadSettings(service.settings, environment());
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(
      `${service.name} cannot start; its settings need ${error.problems.length} change(s):\n${error.message}\n`,
    );
    process.exit(1);
  }
}

async function start<S extends ServiceSettings>(
  service: ServiceDefinition<S>,
  config: SettingValues<S> & SettingValues<typeof baseSettings>,
  logger: Logger,
): Promise<void> {
  const startedAt = performance.now();
  let running = false;
  registerReadiness('service', async () => {
    if (!running) throw new Error('starting or stopping');
  });
  const admin = new AdminServer({ host: config.HOST, port: config.ADMIN_PORT });
  const adminPort = await admin.listen();

  const app = await buildService(service, config, logger);
  stopOnSignal({
    logger,
    withinSeconds: config.SHUTDOWN_SECONDS,
    stop: async () => {
      running = false;
      await app.close();
      await admin.close();
    },
  });
  await openService(service, app, config);
  running = true;
  logger.info({ what: 'service.started', adminPort, durationMs: Math.round(performance.now() - startedAt) });
}
