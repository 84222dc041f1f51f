// One PostgreSQL for all integration tests of a run; each test file makes a database of its own in it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@postern/local';
import { refuseDeadlocks } from '../dist/infra/deadlocks.js';
import { TEST_POSTGRES_SETTINGS } from '../dist/infra/test-server-settings.js';

export default async function setUp() {
  const directory = await mkdtemp(join(tmpdir(), 'postern-test-run-'));
  const postgres = await startPostgres({ dataDir: directory, settings: TEST_POSTGRES_SETTINGS });
  process.env.POSTERN_TEST_ADMIN_URL = postgres.adminUrl;
  globalThis.stopPostgresOfRun = async () => {
    await postgres.stop();
    refuseDeadlocks(postgres.logs());
    await rm(directory, { recursive: true, force: true });
  };
}
