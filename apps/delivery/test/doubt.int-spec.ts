import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  FeedbackUntaggedV1,
  newId,
  PLATFORM_ORGANIZATION,
  RecipientDeferredV1,
  RecipientFailedV1,
  RecipientSentV1,
} from '@postern/contracts';
import { Database } from '@postern/platform';
import { waitFor } from '@postern/testing';
import { DoubtStore } from '../src/store/doubts.js';
import { startStage, type Stage, type TakenMail } from './stage.js';

const WINDOW_SECONDS = 2;
let stage: Stage;

beforeAll(async () => {
  stage = await startStage({ DELIVERY_IN_DOUBT_SECONDS: String(WINDOW_SECONDS) });
});
afterEach(async () => {
  await stage.faults({});
});
afterAll(async () => {
  await stage.stop();
});

const sentFactsOf = async (messageId: string) =>
  (await stage.delivery.bus.factsOf(RecipientSentV1)).filter(({ data }) => data.messageId === messageId);
const reasonsOf = async (messageId: string) =>
  (await stage.delivery.bus.factsOf(RecipientDeferredV1))
    .filter(({ data }) => data.messageId === messageId)
    .map(({ data }) => data.reason);
const sentFact = (messageId: string) => waitFor(async () => (await sentFactsOf(messageId))[0], 'the fact');

/** A send whose caller died: claimed, and its lease is over. */
async function leaveClaimed(inDoubt: 'resend' | 'fail' = 'resend'): Promise<string> {
  const messageId = await stage.pass({
    organizationId: newId('org'),
    notBefore: new Date(Date.now() + 3_600_000),
    inDoubt,
  });
  await stage.reaches(messageId, 'pending');
  await stage.delivery.database.query(
    `UPDATE sends SET state = 'claimed', claim_token = gen_random_uuid(), lease_until = now() - interval '1 second',
                      attempt = 1, first_attempt_at = now(), next_attempt_at = now() WHERE message_id = $1`,
    [messageId],
  );
  return messageId;
}

describe('a send in doubt', () => {
  test('taken, but the answer was lost: the Send event settles it, and there is one copy', async () => {
    await stage.faults({ reset_after: { next: 1 } });
    const messageId = await stage.pass({ organizationId: newId('org') });
    expect(await stage.reaches(messageId, 'in_doubt')).toMatchObject({ attempt: 1, tries: 0 });
    const [mail] = await stage.copiesOf(messageId);
    if (mail === undefined) throw new Error('the sandbox took nothing');
    await stage.tellSent(mail);
    expect(await stage.reaches(messageId, 'sent')).toMatchObject({ ses_message_id: mail.message_id, content: null });
    expect((await sentFact(messageId)).data).toMatchObject({ settledLate: true, sesMessageId: mail.message_id });
    expect(await reasonsOf(messageId)).toEqual(['in_doubt']);
    await stage.showLife();
    expect(await stage.copiesOf(messageId)).toHaveLength(1);
  });

  test('not taken, rule resend: once feedback is alive and silent about it, it is sent again', async () => {
    await stage.faults({ reset_before: { next: 1 } });
    const messageId = await stage.pass({ organizationId: newId('org'), inDoubt: 'resend' });
    await stage.reaches(messageId, 'in_doubt');
    await stage.showLife();
    expect(await stage.reaches(messageId, 'sent')).toMatchObject({ attempt: 2, tries: 1, doubts: 1 });
    const copies = await stage.copiesOf(messageId);
    expect(copies.map(({ tags }) => tags['postern_attempt'])).toEqual(['2']);
    expect((await sentFact(messageId)).data).toMatchObject({ attempt: 2, settledLate: false });
    expect(await reasonsOf(messageId)).toEqual(['in_doubt', 'in_doubt_resend']);
  });

  test('not taken, rule fail: it fails, and says why', async () => {
    await stage.faults({ reset_before: { next: 1 } });
    const messageId = await stage.pass({ organizationId: newId('org'), inDoubt: 'fail' });
    await stage.reaches(messageId, 'in_doubt');
    await stage.showLife();
    await stage.reaches(messageId, 'failed');
    const fact = await waitFor(
      async () =>
        (await stage.delivery.bus.factsOf(RecipientFailedV1)).find(({ data }) => data.messageId === messageId),
      'the fact',
    );
    expect(fact.data).toMatchObject({ outcome: 'failed', code: 'in_doubt', recipients: ['ann@example.com'] });
    expect(await stage.copiesOf(messageId)).toEqual([]);
  });

  test('the caller died between claim and result: the Send event settles it', async () => {
    const messageId = await leaveClaimed();
    await stage.reaches(messageId, 'in_doubt');
    await stage.tellSent({
      message_id: 'ses-of-the-dead',
      source: '',
      destinations: [],
      tags: {
        postern_message: messageId,
        postern_organization: (await organizationOf(messageId)) ?? '',
        postern_mode: 'live',
        postern_attempt: '1',
      },
      configuration_set: null,
      raw_base64: '',
      at: new Date().toISOString(),
    });
    expect(await stage.reaches(messageId, 'sent')).toMatchObject({ ses_message_id: 'ses-of-the-dead', attempt: 1 });
    expect((await sentFact(messageId)).data.settledLate).toBe(true);
  });

  test('without a later Send event silence proves nothing: the rule does not decide for a day', async () => {
    const messageId = await leaveClaimed();
    await stage.reaches(messageId, 'in_doubt');
    const decide = (age: string) =>
      rolledBack(stage.delivery.database, async (tx) => {
        await tx.query(`UPDATE sends SET in_doubt_since = now() - $2::interval WHERE message_id = $1`, [
          messageId,
          age,
        ]);
        // Life was shown before the doubt began, not after.
        await tx.query(`UPDATE feedback_seen SET last_sent_at = now() - $1::interval - interval '1 second'`, [age]);
        return (await new DoubtStore().decide(tx, WINDOW_SECONDS, true)).map(({ state }) => state);
      });
    expect(await decide('23 hours')).toEqual([]);
    expect(await decide('25 hours')).toEqual(['pending']);
  });

  test('that nothing else would ever settle asks SES for a sign of life, and is decided by it', async () => {
    const signs = async (): Promise<TakenMail[]> => {
      const reply = await fetch(`${stage.sandboxUrl}/_sandbox/messages?to=success@simulator.amazonses.com`);
      return ((await reply.json()) as { data: TakenMail[] }).data.filter(({ tags }) => Object.keys(tags).length === 0);
    };
    const before = (await signs()).length;
    const messageId = await leaveClaimed();
    await stage.reaches(messageId, 'in_doubt');
    await stage.delivery.database.query(`UPDATE feedback_seen SET asked_at = '-infinity'`);
    const [asked] = await waitFor(async () => {
      const found = (await signs()).slice(before);
      return found.length > 0 && found;
    }, 'a mail to the simulator');
    expect(asked).toMatchObject({ source: 'no-reply@postern.test', configuration_set: expect.any(String) });
    // As ingest tells of it: it belongs to no message.
    await stage.delivery.bus.publish(FeedbackUntaggedV1, {
      organizationId: PLATFORM_ORGANIZATION,
      mode: 'live',
      data: {
        kind: 'sent',
        sesMessageId: asked?.message_id ?? '',
        messageId: null,
        attempt: null,
        recipients: [],
        type: null,
        subType: null,
        at: new Date().toISOString(),
      },
    });
    expect(await stage.reaches(messageId, 'sent')).toMatchObject({ attempt: 2, doubts: 1 });
    expect(await stage.copiesOf(messageId)).toHaveLength(1);
    // One of all replicas asks, once a minute.
    expect(await signs()).toHaveLength(before + 1);
  });

  test('without a configuration set no event will ever come: the rule is fail', async () => {
    const messageId = await leaveClaimed('resend');
    await stage.reaches(messageId, 'in_doubt');
    const states = await rolledBack(stage.delivery.database, async (tx) => {
      await tx.query(`UPDATE sends SET in_doubt_since = now() - interval '1 minute' WHERE message_id = $1`, [
        messageId,
      ]);
      return (await new DoubtStore().decide(tx, WINDOW_SECONDS, false)).map(({ state }) => state);
    });
    expect(states).toContain('failed');
  });

  test('a Send event of the first attempt after a resend: noted, and nothing goes backwards', async () => {
    await stage.faults({ reset_before: { next: 1 } });
    const messageId = await stage.pass({ organizationId: newId('org') });
    await stage.reaches(messageId, 'in_doubt');
    await stage.showLife();
    const { ses_message_id } = await stage.reaches(messageId, 'sent');
    const [mail] = await stage.copiesOf(messageId);
    if (mail === undefined) throw new Error('the sandbox took nothing');
    await stage.tellSent({ ...mail, message_id: 'ses-late', tags: { ...mail.tags, postern_attempt: '1' } });
    await stage.showLife();
    expect(await stage.stateOf(messageId)).toMatchObject({ state: 'sent', ses_message_id, attempt: 2 });
    expect(await sentFactsOf(messageId)).toHaveLength(1);
  });
});

async function organizationOf(messageId: string): Promise<string | undefined> {
  const rows = await stage.delivery.database.query<{ organization_id: string }>(
    'SELECT organization_id FROM sends WHERE message_id = $1',
    [messageId],
  );
  return rows[0]?.organization_id;
}

type Work<T> = (tx: Parameters<Parameters<Database['transaction']>[0]>[0]) => Promise<T>;

/** Looks what would happen, and leaves no trace. */
async function rolledBack<T>(database: Database, work: Work<T>): Promise<T> {
  const undo = new Error('undo');
  let result: { value: T } | undefined;
  await database
    .transaction(async (tx) => {
      result = { value: await work(tx) };
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  if (result === undefined) throw undo;
  return result.value;
}
