export { startPostgres, type PostgresOptions, type RunningPostgres } from './postgres/start-postgres.js';
export { startNats, type NatsOptions, type RunningNats } from './nats/start-nats.js';
