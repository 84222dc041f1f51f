import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FEEDBACK_EVENTS, MailReceivedV1, MessageDeletedV1, newId, sameIdAs, type Tenant } from '@postern/contracts';
import { deletionOf, waitFor } from '@postern/testing';
import { EVENTS_TOPIC, startIngest, type Ingest } from './ingest.harness.js';

let ingest: Ingest;

beforeAll(async () => {
  ingest = await startIngest();
  await waitFor(async () => (await ingest.subscribedTopics()).length === 2, 'both subscriptions to be confirmed');
});

afterAll(async () => {
  await ingest?.stop();
});

async function isDeleted(tenant: Tenant, messageId: string, direction: 'inbound' | 'outbound'): Promise<void> {
  await ingest.sut.bus.publish(MessageDeletedV1, deletionOf(tenant, messageId, { direction }));
  await waitFor(
    async () => (await ingest.sut.database.query(`SELECT 1 FROM tombstones WHERE message_id = $1`, [messageId])).length,
    'the tombstone',
  );
}

test('what SES told of a deleted message is forgotten, before and after the deletion, and is still handed on', async () => {
  const tenant = { organizationId: newId('org'), mode: 'live' as const };
  const messageId = newId('msg');
  const tell = async (sesMessageId: string) => {
    await ingest.publish(EVENTS_TOPIC, {
      eventType: 'Delivery',
      delivery: { timestamp: '2026-11-21T10:00:00.000Z', recipients: ['bob@example.com'] },
      mail: {
        messageId: sesMessageId,
        timestamp: '2026-11-21T09:59:59.000Z',
        destination: ['bob@example.com'],
        commonHeaders: { subject: 'marker' },
        tags: {
          postern_organization: [tenant.organizationId],
          postern_mode: [tenant.mode],
          postern_message: [messageId],
          postern_attempt: ['1'],
        },
      },
    });
    await waitFor(
      async () =>
        (await ingest.sut.bus.factsOf(FEEDBACK_EVENTS.delivered)).some(
          ({ data }) => data.sesMessageId === sesMessageId,
        ),
      'the feedback',
    );
  };
  const records = () =>
    ingest.sut.database.query<{ record: string | null }>(
      `SELECT record FROM sns_notifications WHERE about_message_id = $1`,
      [messageId],
    );
  await tell('ses-before');
  expect(await records()).toEqual([{ record: expect.stringContaining('marker') }]);
  await isDeleted(tenant, messageId, 'outbound');
  expect(await records()).toEqual([{ record: null }]);
  await tell('ses-after');
  expect(await records()).toEqual([{ record: null }, { record: null }]);
});

test('a deleted mail is forgotten, and the same mail that comes again is still no new one', async () => {
  const inbox = await ingest.newInbox();
  const raw = 'From: ann@example.com\r\nSubject: Once\r\n\r\nOnce\r\n';
  const send = (text: string) =>
    ingest.mailer.sendMail({ envelope: { from: 'ann@example.com', to: inbox.address }, raw: text });
  const arrived = async () =>
    (await ingest.sut.bus.factsOf(MailReceivedV1)).filter(({ data }) => data.inboxId === inbox.inboxId);
  await send(raw);
  const [mail] = await waitFor(async () => {
    const facts = await arrived();
    return facts.length > 0 && facts;
  }, 'the mail');
  const mailId = mail?.data.mailId ?? '';
  await isDeleted(inbox, sameIdAs('msg', mailId), 'inbound');
  expect(await ingest.sut.database.query(`SELECT 1 FROM mails WHERE id = $1`, [mailId])).toEqual([]);
  await send(raw);
  await send(raw.replaceAll('Once', 'Other'));
  await waitFor(async () => (await arrived()).length > 1, 'another mail');
  expect(await arrived()).toHaveLength(2);
});
