import { Client } from 'pg';
import { environment } from '../config/environment.js';
import { loadSettings, SettingsError } from '../config/load-settings.js';
import { baseSettings } from '../config/base-settings.js';
import { defineSettings, setting, urlOf } from '../config/setting.js';
import { maskAddresses } from '../logging/mask-address.js';
import { type ClassList, connectDataSource, createDataSource } from './data-source.js';
import { waitForServer } from './wait-for-server.js';
import { plainIdentifier } from './identifier.js';
import { provision, serviceRoleOf } from './provision.js';

export interface MigrateOptions {
  /** The schema that the service owns. */
  schema: string;
  migrations: ClassList;
  /** A role that may create roles and schemas, in the service's database. */
  adminUrl: string;
  /** The service's DATABASE_URL: names the role to create, its password and the database. */
  serviceUrl: string;
}

const NO_TIMEOUT = 0;

/**
 * Creates a service's roles and schema, then runs its pending migrations as its own role, so that it owns its tables.
 * Safe to repeat; of two runs at once the second waits and finds nothing to do.
 * @returns the names of the migrations that were run.
 */
export async function provisionAndMigrate({
  schema,
  migrations,
  adminUrl,
  serviceUrl,
}: MigrateOptions): Promise<string[]> {
  plainIdentifier(schema, 'the schema');
  refuseSurprises(migrations);
  const role = serviceRoleOf(serviceUrl);
  if (decodeURIComponent(new URL(adminUrl).username) === role.name) {
    throw new Error('DATABASE_URL must name a role of the service, another than DATABASE_ADMIN_URL does');
  }
  if (new URL(adminUrl).pathname !== new URL(serviceUrl).pathname) {
    throw new Error('DATABASE_ADMIN_URL and DATABASE_URL must name the same database');
  }
  const admin = await waitForServer(
    () => new Client({ connectionString: adminUrl, application_name: `postern-migrate-${schema}` }),
  );
  try {
    await admin.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [`postern:migrate:${schema}`]);
    await provision(admin, schema, role);
    return await migrate(schema, migrations, serviceUrl);
  } finally {
    // Ends the session, and with it the lock.
    await admin.end();
  }
}

/** TypeORM sorts migrations by these last characters of their names, whatever the order of the list. */
const STAMP_LENGTH = 13;

/** @throws Error when migrations would run in another order than they are listed in. */
function refuseSurprises(migrations: ClassList): void {
  const stamps = Object.values(migrations).map(({ name }) => name.slice(-STAMP_LENGTH));
  const surprise = stamps.find((stamp, index) => index > 0 && stamp <= (stamps[index - 1] ?? ''));
  if (surprise !== undefined)
    throw new Error(`the migration that ends in ${surprise} would run before one that is listed earlier`);
}

async function migrate(schema: string, migrations: ClassList, url: string): Promise<string[]> {
  const dataSource = createDataSource({ url, schema, poolSize: 2, migrations }, NO_TIMEOUT);
  await connectDataSource(dataSource);
  try {
    const done = await dataSource.runMigrations();
    return done.map((migration) => migration.name);
  } finally {
    await dataSource.destroy();
  }
}

const migrateSettings = defineSettings({
  DATABASE_ADMIN_URL: setting(urlOf('postgres', 'postgresql'), {
    description: 'A role that may create roles and schemas; used by the migration only, never by a running service.',
    example: 'postgres://postgres:secret@db:5432/postern',
    secret: true,
  }),
  DATABASE_URL: baseSettings.DATABASE_URL,
});

/** The whole of a service's `migrate.ts`. Prints one line; sets the exit code to 1 when it failed. */
export async function migrateMain(service: Pick<MigrateOptions, 'schema' | 'migrations'>): Promise<void> {
  try {
    const config = loadSettings(migrateSettings, environment());
    const done = await provisionAndMigrate({
      ...service,
      adminUrl: config.DATABASE_ADMIN_URL,
      serviceUrl: config.DATABASE_URL,
    });
    const what = done.length === 0 ? 'is up to date' : `took ${done.length} migration(s), last ${done.at(-1)}`;
    process.stdout.write(`The schema ${service.schema} ${what}.\n`);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      error instanceof SettingsError ? `${text}\n` : `Migrating ${service.schema} failed: ${maskAddresses(text)}\n`,
    );
    process.exitCode = 1;
  }
}
