export { GroupCommit, type GroupCommitOptions } from './batching/group-commit.js';
export { pollLoop, type PollLoopOptions, type Wakeable } from './batching/poll-loop.js';
export { awsCredentials, awsCredentialSettings } from './config/aws-credentials.js';
export { awsPatience, type AwsPatience } from './config/aws-patience.js';
export { baseSettings } from './config/base-settings.js';
export { dnsServers } from './config/dns-servers.js';
export { documentSettings } from './config/document-settings.js';
export { environment } from './config/environment.js';
export { loadSettings, SettingsError } from './config/load-settings.js';
export {
  defineSettings,
  onOff,
  portNumber,
  setting,
  type Setting,
  type SettingMeta,
  type Settings,
  type SettingValues,
  urlOf,
  wholeNumber,
} from './config/setting.js';
export { childTraceparent, newTraceparent, parseTraceparent, type TraceParent } from './context/trace-parent.js';
export {
  addToContext,
  currentContext,
  runInContext,
  runOutsideContext,
  type WorkContext,
} from './context/work-context.js';
export { type ClassList, type DatabaseOptions, openDatabase } from './database/data-source.js';
export { brokenConstraint, isLockTimeout } from './database/database-errors.js';
export { DatabaseModule, type SchemaOptions } from './database/database.module.js';
export { afterCommit, Database, type TenantScope, type Tx } from './database/database.js';
export { aborted, LeaderLock, type LeaderLockOptions } from './database/leader-lock.js';
export { LeaderLoop, type LeaderLoopOptions } from './database/leader-loop.js';
export { migrateMain, type MigrateOptions, provisionAndMigrate } from './database/migrate.js';
export { sql, type Statement } from './database/statement.js';
export { tenantTable, tenantView } from './database/tenant-table.js';
export { AppError, type AppErrorOptions, type WireError } from './errors/app-error.js';
export {
  badRequest,
  type BlockReason,
  conflict,
  type ConflictCode,
  creditsExhausted,
  eventsExpired,
  forbidden,
  internal,
  type Issue,
  levelInsufficient,
  notFound,
  payloadTooLarge,
  rateLimited,
  recipientsBlocked,
  unauthorized,
  unavailable,
  unsupportedMediaType,
  validationError,
} from './errors/factories.js';
export { fromZod } from './errors/from-zod.js';
export { AdminServer, type AdminServerOptions } from './health/admin-server.js';
export { HealthController } from './health/health.controller.js';
export {
  processReadiness,
  Readiness,
  type ReadinessCheck,
  type ReadinessReport,
  registerReadiness,
} from './health/readiness.js';
export { AppErrorFilter } from './http/app-error.filter.js';
export { errorBody, type ErrorBody } from './http/error-body.js';
export { createHttpAdapter, type HttpAdapterOptions } from './http/http-adapter.js';
export { newRequestId } from './http/request-id.js';
export { streamedBodyOf, type StreamedBody } from './http/streamed-body.js';
export { toAppError } from './http/to-app-error.js';
export { createLogger, loggedError, type Logger } from './logging/logger.js';
export { maskAddress, maskAddresses } from './logging/mask-address.js';
export { NestPinoLogger } from './logging/nest-pino-logger.js';
export { wideLine, type WideLine } from './logging/wide-line.js';
export { counter, durations, gauge, processMetrics } from './metrics/metrics.js';
export { readCursor, toPage } from './paging/keyset-page.js';
export { type ChildAnswer, type ChildFailure } from './processes/bounded-child.js';
export { ChildPool, type ChildPoolOptions } from './processes/child-pool.js';
export { type ChildProgram } from './processes/child-program.js';
export { residentBytes } from './processes/resident-memory.js';
export { buildService, openService, type ServiceDefinition, type ServiceSettings } from './service/open-service.js';
export { runService } from './service/run-service.js';
export { RuntimeModule } from './service/runtime.module.js';
export { CONFIG, LOGGER } from './service/tokens.js';
