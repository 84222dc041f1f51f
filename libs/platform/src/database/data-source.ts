import { Client, types, type ClientConfig } from 'pg';
import { DataSource, type DataSourceOptions, type MixedList } from 'typeorm';
import { Database } from './database.js';
import { plainIdentifier } from './identifier.js';
import { refusal, untilServerAnswers } from './wait-for-server.js';

/** A TypeORM migration or entity class. */
export type ClassList = readonly (new (...args: never[]) => object)[];

export interface DatabaseOptions {
  /** postgres:// with the service's own role. */
  url: string;
  /** The schema that the service owns; all unqualified names are looked up there, then in `public` (extensions). */
  schema: string;
  poolSize: number;
  /** Settings of each connection of the pool, by PostgreSQL's names; the server's own where left out. */
  sessionSettings?: Readonly<Record<string, string>>;
  entities?: ClassList;
  migrations: ClassList;
  /** Told when an idle connection breaks; the pool replaces it. */
  onPoolError?: (error: unknown) => void;
  /** How long to wait for a server that is starting. Default 15 s. */
  connectWithinMs?: number;
}

const STATEMENT_TIMEOUT_MS = 15_000;
/** How much later than the server the client gives up: it then heard nothing, so the connection is dead. */
const SILENCE_MARGIN_MS = 5_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 30_000;
const BORROW_TIMEOUT_MS = 5_000;
const IDLE_CONNECTION_MS = 60_000;
/** pg_type.oid of int8. */
const INT8_OID = 20;

export const MIGRATIONS_TABLE = 'schema_migrations';

/** pg reads int8 as text, because a number cannot hold them all; ours stay below 2^53, and one that does not must not pass unseen. */
function readInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('a BIGINT is over 2^53');
  return value;
}

const typeParsers = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8_OID && format !== 'binary'
      ? readInt8
      : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};

/**
 * pg-pool stops listening to a connection that failed while it was being made; a second error of the same socket would
 * then be an unhandled event and end the process. The pool has told its caller of the first one.
 */
class QuietClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** A TypeORM DataSource, not yet connected. `statementTimeoutMs` 0 is none, for migrations. */
export function createDataSource(options: DatabaseOptions, statementTimeoutMs = STATEMENT_TIMEOUT_MS): DataSource {
  const session = {
    search_path: `${plainIdentifier(options.schema, 'the schema')},public`,
    ...options.sessionSettings,
  };
  const settings: DataSourceOptions = {
    type: 'postgres',
    url: options.url,
    schema: options.schema,
    poolSize: options.poolSize,
    connectTimeoutMS: BORROW_TIMEOUT_MS,
    applicationName: `postern-${options.schema}`,
    entities: [...(options.entities ?? [])] as MixedList<NewableFunction> as never,
    migrations: [...options.migrations] as MixedList<NewableFunction> as never,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    synchronize: false,
    logging: false,
    poolErrorHandler: options.onPoolError ?? (() => undefined),
    extra: {
      Client: QuietClient,
      types: typeParsers,
      options: Object.entries(session)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
      statement_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + SILENCE_MARGIN_MS,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_CONNECTION_MS,
      keepAlive: true,
    },
  };
  return new DataSource(settings);
}

/** Connects, waiting for a server that is still starting. @throws when it does not come, or refuses. */
export async function connectDataSource(dataSource: DataSource, withinMs?: number): Promise<void> {
  try {
    await untilServerAnswers(() => dataSource.initialize(), withinMs);
  } catch (error) {
    throw refusal(error);
  }
}

/**
 * Opens a service's database.
 * @throws Error that says what to do when a migration is pending, or the server is away or refuses.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const dataSource = createDataSource(options);
  await connectDataSource(dataSource, options.connectWithinMs);
  const pending = await pendingMigrations(dataSource, options.schema);
  if (pending.length > 0) {
    await dataSource.destroy();
    throw new Error(
      `The schema ${options.schema} lacks ${pending.length} migration(s), first ${pending[0]}; run this service's migrate before starting it.`,
    );
  }
  return new Database(dataSource, options.schema);
}

/** Names of the migrations that this code has and the database has not. The other way round is a newer release's: fine. */
async function pendingMigrations(dataSource: DataSource, schema: string): Promise<string[]> {
  const [found] = await dataSource.query<{ present: boolean }[]>('SELECT to_regclass($1) IS NOT NULL AS present', [
    `"${schema}"."${MIGRATIONS_TABLE}"`,
  ]);
  const rows = found?.present
    ? await dataSource.query<{ name: string }[]>(`SELECT name FROM "${schema}"."${MIGRATIONS_TABLE}"`)
    : [];
  const done = new Set(rows.map((row) => row.name));
  return dataSource.migrations
    .map((migration) => migration.name ?? migration.constructor.name)
    .filter((name) => !done.has(name));
}
