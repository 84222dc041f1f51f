export { startPostgres, type PostgresOptions, type RunningPostgres } from './postgres/start-postgres.js';
