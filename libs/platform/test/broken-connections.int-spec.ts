import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startInfra, waitFor, type Infra } from '@postern/testing';
import { openDatabase, type Database } from '../src/index.js';

let infra: Infra;
let database: Database;

beforeAll(async () => {
  infra = await startInfra({ ownPostgres: true });
  database = await openDatabase({ url: infra.adminUrl, schema: 'public', poolSize: 10, migrations: [] });
});
afterAll(async () => {
  await database.dataSource.destroy();
  await infra.stop();
});

it('a server that dies while connections are made fails the calls, not the process', async () => {
  const outcomes: Promise<string>[] = [];
  const ask = () =>
    database.query('SELECT pg_sleep(0.001)').then(
      () => 'answered',
      () => 'refused',
    );
  for (let round = 0; round < 4; round += 1) {
    await waitFor(() => infra.postgres?.pid(), 'the server to be back');
    for (let call = 0; call < 20; call += 1) outcomes.push(ask());
    infra.postgres?.kill('SIGKILL');
    for (let call = 0; call < 20; call += 1) outcomes.push(ask());
    await Promise.all(outcomes);
  }
  expect(new Set(await Promise.all(outcomes))).toContain('refused');
  // The runner starts a server that keeps dying later each time, up to 10 s.
  await waitFor(async () => (await ask()) === 'answered', 'an answer after all that');
});
