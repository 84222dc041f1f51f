import { pathToFileURL } from 'node:url';
import { childEnvironment, passedOnSettings, type Environment } from '../config/environment.js';
import { COMPILE_CACHE } from '../config/repository.js';
import type { DataDir } from '../data-dir/data-dir.js';
import { LOOPBACK } from '../data-dir/ports.js';
import { planContent } from '../services/content-plan.js';
import { serviceDatabaseUrl } from '../services/database-urls.js';
import type { ServiceContext, ServiceDefinition } from '../services/service-definition.js';
import { SERVICE_LINES } from '../supervise/loud-lines.js';
import { answersOk } from '../supervise/probes.js';
import type { ProcessSpec } from '../supervise/process-spec.js';

/** A service gets this long to finish its work before it is killed; its own limit is a second shorter. */
const SERVICE_STOP_MS = 5_000;
const SERVICE_SHUTDOWN_SECONDS = 4;
const SANDBOX_STOP_MS = 1_500;

export interface SettingsOptions {
  readonly dataDir: DataDir;
  readonly adminUrl: string;
  readonly natsUrl: string;
  readonly domain: string;
  readonly environment: Environment;
  readonly env: Readonly<Record<string, string>>;
  readonly envOf: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The whole environment of one process of a service: what the runner chose, then what a person or a test set. */
export function serviceSettings(
  service: ServiceDefinition,
  context: ServiceContext,
  options: SettingsOptions,
): Record<string, string> {
  const { dataDir } = options;
  return {
    ...childEnvironment(),
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    POSTERN_ENV: 'local',
    HOST: LOOPBACK,
    ADMIN_PORT: String(context.ports.admin),
    DATABASE_URL: serviceDatabaseUrl(options.adminUrl, service.name, dataDir),
    NATS_URL: options.natsUrl,
    ...planContent(options.environment, pathToFileURL(dataDir.content).href, context.aws),
    POSTERN_DOMAIN: options.domain,
    LOG_LEVEL: 'info',
    SHUTDOWN_SECONDS: String(SERVICE_SHUTDOWN_SECONDS),
    ...service.settings(context),
    ...passedOnSettings(options.environment),
    ...options.env,
    ...options.envOf[service.name],
  };
}

/** @param name  of this process: the service's, with a number from the second replica on. */
export function serviceSpec(
  name: string,
  service: ServiceDefinition,
  adminPort: number,
  env: Record<string, string>,
): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: ['--enable-source-maps', service.script],
    env,
    ready: () => answersOk(`http://${LOOPBACK}:${adminPort}/health/ready`),
    stage: 0,
    stopSteps: [{ signal: 'SIGTERM', waitMs: SERVICE_STOP_MS }],
    loud: SERVICE_LINES,
  };
}

export interface SandboxOptions {
  readonly script: string;
  readonly port: number;
  readonly smtpPort: number;
  readonly domain: string;
  readonly dataDir: DataDir;
}

export function sandboxSpec({ script, port, smtpPort, domain, dataDir }: SandboxOptions): ProcessSpec {
  const flags = {
    port: String(port),
    host: LOOPBACK,
    'state-dir': dataDir.path('aws-sandbox'),
    region: 'us-east-1',
    'local-domain': domain,
    smtp: `${LOOPBACK}:${smtpPort}`,
    'verified-domains': domain,
  };
  return {
    name: 'aws-sandbox',
    command: process.execPath,
    args: ['--enable-source-maps', script, ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value])],
    env: { ...childEnvironment(), NODE_COMPILE_CACHE: COMPILE_CACHE },
    ready: () => answersOk(`http://${LOOPBACK}:${port}/_sandbox/health`),
    stage: 1,
    stopSteps: [{ signal: 'SIGTERM', waitMs: SANDBOX_STOP_MS }],
    loud: SERVICE_LINES,
  };
}
