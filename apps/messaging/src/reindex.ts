// `npm run reindex -w apps/messaging`: has the search index of every message written anew, by the running service. Needed
// after a change of POSTERN_SEARCH_LANGUAGE.
import { baseSettings, environment, loadSettings, openDatabase, SettingsError } from '@postern/platform';
import { queueEverything } from './search/queue-everything.js';
import { migrations } from './store/migrations/index.js';

async function reindex(): Promise<void> {
  const { DATABASE_URL: url } = loadSettings({ DATABASE_URL: baseSettings.DATABASE_URL }, environment());
  const database = await openDatabase({ url, schema: 'messaging', poolSize: 1, migrations });
  try {
    const count = await queueEverything(database, (sofar) => process.stderr.write(`${sofar} messages queued\n`));
    process.stdout.write(`${count} messages wait for the indexer of the running service.\n`);
  } finally {
    await database.dataSource.destroy();
  }
}

await reindex().catch((error: unknown) => {
  const known = error instanceof SettingsError || error instanceof Error;
  process.stderr.write(`Nothing more was queued: ${known ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
