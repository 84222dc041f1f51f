export { startPostgres, type PostgresOptions, type RunningPostgres } from './postgres/start-postgres.js';
export { startNats, type NatsOptions, type RunningNats } from './nats/start-nats.js';
export { startStack } from './stack/start-stack.js';
export type { Stack, StackOptions } from './stack/stack.js';
export type { LocalJson, Pids } from './local-json/local-json.js';
export type { ServiceContext, ServiceDefinition, ServicePorts } from './services/service-definition.js';
export { SERVICES } from './services/service-table.js';
export { StartError } from './start-error.js';
