import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { newId } from '@postern/contracts';
import { waitFor } from '@postern/testing';
import { EVENTS_TOPIC, startIngest, type Ingest } from './ingest.harness.js';

/** SES's own examples; they lie beside the repository and are not part of it. */
const CORPUS = resolve(import.meta.dirname, '../../../../shared/corpus/ses');
const examples = existsSync(CORPUS)
  ? readdirSync(CORPUS).filter((name) => name.endsWith('.json') && name !== 'index.json')
  : [];
if (examples.length === 0) process.stdout.write(`skipped: SES's examples are not at ${CORPUS}\n`);

/** What becomes of an example, by how its name begins; the first that fits. */
const OUTCOMES: readonly [RegExp, string][] = [
  [/^event-(open|click|rendering-failure|subscription)-/, 'ignored'],
  [/^(event|notification)-/, 'feedback'],
  // The one tells of mail that lies in S3, the other brings it, for nobody here.
  [/^received-alert-/, 'unsupported'],
  [/^received-notification-|provided-by-the-amazon-sns-action/, 'mail'],
  // Records for Lambda, and objects out of records, are no notifications.
  [/^(lambda|part)-/, 'unreadable'],
];
const outcomeOf = (name: string): string | undefined => OUTCOMES.find(([pattern]) => pattern.test(name))?.[1];

let ingest: Ingest;
beforeAll(async () => {
  if (examples.length === 0) return;
  ingest = await startIngest();
  await waitFor(async () => (await ingest.subscribedTopics()).length === 2, 'both subscriptions to be confirmed');
});
afterAll(async () => ingest?.stop());

(examples.length === 0 ? test.skip : test)('every example of SES is taken for what it is', async () => {
  const marks = new Map(examples.map((name) => [name, newId('msg')]));
  for (const name of examples) {
    const record = JSON.parse(readFileSync(join(CORPUS, name), 'utf8')) as object;
    await ingest.publish(EVENTS_TOPIC, { ...record, example: marks.get(name) });
  }
  const stored = async () =>
    ingest.sut.database.query<{ outcome: string; record: string | null }>(
      `SELECT outcome, record FROM sns_notifications`,
    );
  const rows = await waitFor(async () => {
    const found = await stored();
    return found.length >= examples.length && found;
  }, 'all examples to be stored');
  const outcomes = examples.map((name) => [
    name,
    rows.find(({ record }) => record?.includes(marks.get(name) ?? ''))?.outcome ?? 'mail',
  ]);
  expect(outcomes).toEqual(examples.map((name) => [name, outcomeOf(name)]));
});
