import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  type CommandInput,
  type CommandOutput,
  CreateSuppression,
  DeleteSuppression,
  GetSuppressionSnapshot,
  newId,
  type SuppressedAddress,
} from '@postern/contracts';
import { callerOf } from '@postern/testing';
import { SNAPSHOT_PAGE } from '../src/store/suppression-snapshot.js';
import { startStage, type Stage } from './stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});
afterAll(() => stage.stop());

const wholeSnapshot = async (): Promise<{ data: SuppressedAddress[]; pages: number }> => {
  const data: SuppressedAddress[] = [];
  let after: CommandInput<typeof GetSuppressionSnapshot>['after'] = null;
  for (let pages = 1; ; pages += 1) {
    const page: CommandOutput<typeof GetSuppressionSnapshot> = await stage.delivery.ask(
      GetSuppressionSnapshot,
      callerOf(),
      { after },
    );
    data.push(...page.data);
    if (page.next === null) return { data, pages };
    after = page.next;
  }
};

test('the snapshot has every entry of every tenant once, over pages, and none that was taken off', async () => {
  const [ann, bob] = [callerOf(), callerOf({ mode: 'test' })];
  const kept = await stage.delivery.ask(CreateSuppression, ann, { address: 'Kept@example.com' });
  const other = await stage.delivery.ask(CreateSuppression, bob, { address: 'kept@example.com' });
  const { id } = await stage.delivery.ask(CreateSuppression, ann, { address: 'gone@example.com' });
  await stage.delivery.ask(DeleteSuppression, ann, { id });
  await stage.delivery.database.query(
    `INSERT INTO suppressions (organization_id, mode, id, address, reason)
     SELECT $1, 'live', id, 'bulk-' || id || '@example.com', 'bounce' FROM unnest($2::text[]) AS id`,
    [callerOf().organizationId, Array.from({ length: SNAPSHOT_PAGE }, () => newId('sup'))],
  );
  const { data, pages } = await wholeSnapshot();
  expect(pages).toBe(2);
  expect(data).toHaveLength(SNAPSHOT_PAGE + 2);
  expect(new Set(data.map((entry) => entry.id)).size).toBe(data.length);
  expect(data).toContainEqual({ ...tenant(ann), address: 'kept@example.com', id: kept.id, reason: 'manual' });
  expect(data).toContainEqual({ ...tenant(bob), address: 'kept@example.com', id: other.id, reason: 'manual' });
});

const tenant = ({ organizationId, mode }: ReturnType<typeof callerOf>) => ({ organizationId, mode });
