import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { newId, type OrganizationId, RecipientDeferredV1 } from '@postern/contracts';
import { fullRun, waitFor } from '@postern/testing';
import { seedSends } from './seed-sends.js';
import { startStage, type Stage } from './stage.js';

jest.setTimeout(fullRun() ? 900_000 : 180_000);
/** Queued by the organization that sends most. */
const HOT = fullRun() ? 100_000 : 5_000;
const CONCURRENCY = 64;
const LONG_MS = 60_000;
let stage: Stage;

beforeAll(async () => {
  stage = await startStage({
    DELIVERY_CONCURRENCY: String(CONCURRENCY),
    DELIVERY_DELAY_NOTICE_SECONDS: '1',
  });
  await stage.another();
});
afterEach(async () => {
  // In the order in which the service locks them: it may be writing results.
  await stage.delivery.database.query(
    `DELETE FROM sends WHERE ctid IN (SELECT ctid FROM sends ORDER BY organization_id, mode, message_id FOR UPDATE)`,
  );
  await knownQuota(5_000, -1);
});
afterAll(() => stage.stop());

/** Sets what the account may send. */
async function quota(perSecond: number, max24h: number): Promise<void> {
  const reply = await fetch(`${stage.sandboxUrl}/_sandbox/quota`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ max_send_rate: perSecond, max_24_hour_send: max24h }),
  });
  if (!reply.ok) throw new Error(await reply.text());
}

/** Sets it, and has delivery know at once, as if it had asked. */
async function knownQuota(perSecond: number, max24h: number): Promise<void> {
  await quota(perSecond, max24h);
  const sent24h = (await stage.taken()).length;
  await stage.delivery.database.query(
    `UPDATE paces SET per_second = $1, max_24h = $2, sent_24h = $3, asked_leased = leased, known_leased = leased, asked_at = now()`,
    [perSecond, max24h < 0 ? null : max24h, sent24h],
  );
}

interface Counts {
  sent: number;
  waiting: number;
  attempts: number;
  tries: number;
}

async function countsOf(organizationId: string): Promise<Counts> {
  const [row] = await stage.delivery.database.query<Counts>(
    `SELECT count(*) FILTER (WHERE state = 'sent') AS sent, count(*) FILTER (WHERE state = 'pending') AS waiting,
            max(attempt) AS attempts, max(tries) AS tries FROM sends WHERE organization_id = $1`,
    [organizationId],
  );
  if (row === undefined) throw new Error('no counts');
  return row;
}
const allSent = (organizationId: string, messages: number) =>
  waitFor(async () => (await countsOf(organizationId)).sent === messages, 'all to be sent', LONG_MS);
const deferralsOf = async (organizationId: string) =>
  (await stage.delivery.bus.factsOf(RecipientDeferredV1)).filter((fact) => fact.organizationId === organizationId);

describe('the rate of the account', () => {
  test(`${HOT} queued messages of one organization do not delay the one of another`, async () => {
    // By its id the last one in every round.
    const [hot, other] = [newId('org'), newId('org')].sort() as [OrganizationId, OrganizationId];
    const { database } = stage.delivery;
    await seedSends(database, [{ organizationId: hot, messages: HOT, waitedSeconds: 600 }]);
    await waitFor(async () => (await countsOf(hot)).sent > 0, 'the queue to move', LONG_MS);
    await seedSends(database, [{ organizationId: other, messages: 1 }]);
    const [queued] = await database.query<{ at: Date }>(`SELECT clock_timestamp() AS at`);
    await waitFor(async () => (await countsOf(other)).sent === 1, 'the other one to be sent', LONG_MS);
    const [row] = await database.query<{ between: number; left: number; ms: number }>(
      `SELECT count(*) FILTER (WHERE h.first_attempt_at BETWEEN $3 AND o.first_attempt_at) AS between,
              count(*) FILTER (WHERE h.state = 'pending') AS left,
              round(extract(epoch FROM max(o.first_attempt_at) - $3::timestamptz) * 1000)::int AS ms
         FROM sends h CROSS JOIN sends o WHERE h.organization_id = $1 AND o.organization_id = $2`,
      [hot, other, queued?.at],
    );
    process.stdout.write(`${HOT} queued of another, ${row?.left} at the end: claimed ${row?.ms} ms after its commit\n`);
    // At most one claim of each of the two replicas that was under way, and one more where both began in the same moment.
    expect(row?.between).toBeLessThanOrEqual(3 * CONCURRENCY);
    expect(row?.left).toBeGreaterThan(0);
  });

  test('is kept by two replicas together: SES never has to refuse', async () => {
    const organizationId = newId('org');
    await knownQuota(50, -1);
    await seedSends(stage.delivery.database, [{ organizationId, messages: 200 }]);
    await allSent(organizationId, 200);
    expect(await countsOf(organizationId)).toMatchObject({ attempts: 1, tries: 0 });
  });

  test('makes messages wait, and each is told why and until when, once', async () => {
    const organizationId = newId('org');
    await knownQuota(1, -1);
    const ids = await seedSends(stage.delivery.database, [{ organizationId, messages: 40, waitedSeconds: 5 }]);
    const told = await waitFor(
      async () => {
        // On a busy machine some are told of the backlog, too.
        const facts = (await deferralsOf(organizationId)).filter(({ data }) => data.reason === 'throttled');
        return facts.length >= 20 ? facts : null;
      },
      'the delays to be told',
      LONG_MS,
    );
    expect(new Set(told.map(({ data }) => data.messageId)).size).toBe(told.length);
    const position = new Map(ids.get(organizationId)?.map((id, index) => [id, index]));
    const inOrder = told.toSorted(
      (a, b) => (position.get(a.data.messageId) ?? 0) - (position.get(b.data.messageId) ?? 0),
    );
    expect(inOrder.every(({ data }) => data.attempt === 1)).toBe(true);
    const expected = inOrder.map(({ data }) => Date.parse(data.nextAttemptAt ?? ''));
    expect(expected).toEqual(expected.toSorted((a, b) => a - b));
    const last = inOrder.at(-1);
    // The last of 40 at one a second: not before the half of it, whatever went meanwhile.
    expect(Date.parse(last?.data.nextAttemptAt ?? '') - Date.parse(last?.data.at ?? '')).toBeGreaterThan(10_000);
    await knownQuota(5_000, -1);
    await allSent(organizationId, 40);
    expect(await countsOf(organizationId)).toMatchObject({ tries: 0 });
    const [row] = await stage.delivery.database.query<{ types: string[]; reasons: string[] }>(
      `SELECT jsonb_path_query_array(history, '$[*].type') AS types,
              jsonb_path_query_array(history, '$[*] ? (@.type == "deferred").data.reason') AS reasons
         FROM sends WHERE message_id = $1`,
      [last?.data.messageId],
    );
    // Once for each reason: on a slow machine a backlog may be left when the rate is no reason any more.
    const { types = [], reasons = [] } = row ?? {};
    expect(reasons[0]).toBe('throttled');
    expect(new Set(reasons).size).toBe(reasons.length);
    expect(types).toEqual(['queued', ...reasons.map(() => 'deferred'), 'claimed', 'sent']);
  });

  test('a used up day parks the queue before SES has to refuse; what comes back is used', async () => {
    const organizationId = newId('org');
    const already = (await stage.taken()).length;
    await knownQuota(5_000, already + 30);
    await seedSends(stage.delivery.database, [{ organizationId, messages: 50 }]);
    await waitFor(async () => (await countsOf(organizationId)).sent === 30, '30 to be sent', LONG_MS);
    await waitFor(
      async () => {
        // On a slow machine some are told before that they are delayed by the others.
        const parked = (await deferralsOf(organizationId)).filter(({ data }) => data.reason === 'quota_exceeded');
        return new Set(parked.map(({ data }) => data.messageId)).size === 20;
      },
      '20 to be told',
      LONG_MS,
    );
    expect(await countsOf(organizationId)).toMatchObject({ sent: 30, waiting: 20, attempts: 1, tries: 0 });
    // Close to the end of the day's quota, SES is asked every few seconds.
    await quota(5_000, -1);
    await allSent(organizationId, 50);
    expect(await countsOf(organizationId)).toMatchObject({ tries: 0 });
  });
});
