import { type Database, type MigrateOptions, openDatabase, provisionAndMigrate } from '@postern/platform';
import { serviceUrlOf, testPostgres } from '../infra/start-infra.js';

export interface TestDatabase {
  database: Database;
  /** The same database, as superuser. */
  adminUrl: string;
  stop(): Promise<void>;
}

/** A migrated schema in a database of the test alone, opened as its service does: for tests of stores. */
export async function testDatabase({
  poolSize,
  ...place
}: Pick<MigrateOptions, 'schema' | 'migrations'> & { poolSize: number }): Promise<TestDatabase> {
  const { adminUrl, stop } = await testPostgres();
  const url = serviceUrlOf(adminUrl, place.schema);
  await provisionAndMigrate({ ...place, adminUrl, serviceUrl: url });
  const database = await openDatabase({ ...place, url, poolSize });
  return {
    database,
    adminUrl,
    stop: async () => {
      await database.dataSource.destroy();
      await stop();
    },
  };
}
