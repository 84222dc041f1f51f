import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newId, RecipientSentV1 } from '@postern/contracts';
import { waitFor } from '@postern/testing';
import { startStage, type Stage } from './stage.js';

const MESSAGES = 500;
const LONG_MS = 60_000;
let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(async () => {
  await stage.stop();
});

test('two replicas, 500 messages, one stops in between: 500 copies', async () => {
  const second = await stage.another();
  const organizations = [newId('org'), newId('org'), newId('org')];
  const ids = await Promise.all(
    Array.from({ length: MESSAGES }, (_, index) =>
      stage.pass({ organizationId: organizations[index % organizations.length] ?? newId('org') }),
    ),
  );
  await waitFor(async () => (await stage.taken()).length > MESSAGES / 5, 'some to be sent', LONG_MS);
  await second.app.close();
  await waitFor(
    async () => {
      const [row] = await stage.delivery.database.query<{ count: number }>(
        `SELECT count(*) FROM sends WHERE state = 'sent'`,
      );
      return row?.count === MESSAGES;
    },
    'all to be sent',
    LONG_MS,
  );
  const copies = (await stage.taken()).map(({ tags }) => tags['postern_message'] ?? '');
  expect(copies.sort()).toEqual([...ids].sort());
  await waitFor(
    async () => (await stage.delivery.bus.factsOf(RecipientSentV1)).length === MESSAGES,
    'all to be told',
    LONG_MS,
  );
});
