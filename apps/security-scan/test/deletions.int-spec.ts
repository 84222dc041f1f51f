import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  ApproveMessage,
  GetApproval,
  MailReceivedV1,
  MessageAcceptedV1,
  MessageDeletedV1,
  newId,
  ScanInboundCompletedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  sameIdAs,
  type CommandContext,
} from '@postern/contracts';
import { carry, DeletionSweep } from '@postern/eventing';
import {
  callerOf,
  deletionOf,
  startInfra,
  startService,
  waitFor,
  type Infra,
  type ServiceUnderTest,
} from '@postern/testing';
import { migrations } from '../src/store/migrations/index.js';
import { scanServiceFromSources } from './extractor-from-sources.js';
import { acceptedFact, storeAt } from './scan-stack.js';

const HOUR_MS = 3600 * 1000;

let infra: Infra;
let sut: ServiceUnderTest;
const caller = callerOf();
const reviewer: CommandContext = { ...caller, keyId: newId('key') };

beforeAll(async () => {
  infra = await startInfra();
  sut = await startService({ infra, service: scanServiceFromSources, schema: 'security_scan', migrations });
});

afterAll(async () => {
  await sut.stop();
  await infra.stop();
});

const isGone = (messageId: string, direction: 'inbound' | 'outbound' = 'outbound') =>
  sut.bus.publish(MessageDeletedV1, deletionOf(caller, messageId, { direction }));
const buried = (messageId: string) =>
  waitFor(
    async () => (await sut.database.query(`SELECT 1 FROM tombstones WHERE message_id = $1`, [messageId])).length,
    'the tombstone',
  );
const passed = async (messageId: string) =>
  (await sut.bus.factsOf(ScanOutboundPassedV1)).filter(({ data }) => data.dispatch.messageId === messageId);

async function accept(text: string, securityLevel: 'guarded_send' | 'full_lockdown') {
  const accepted = await acceptedFact(caller, infra.contentStoreUrl, { text, securityLevel });
  await sut.bus.publish(MessageAcceptedV1, accepted);
  return { accepted, messageId: accepted.data.dispatch.messageId };
}

/** Facts of one consumer are handled in order: when this one is answered, so are those before it. */
async function caughtUp(): Promise<void> {
  const { messageId } = await accept('another', 'guarded_send');
  await waitFor(async () => (await passed(messageId)).length, 'another message to pass');
}

it('a held message that is deleted leaves an approval that nobody can decide on, without what it showed', async () => {
  const { accepted, messageId } = await accept('marker of the held one', 'full_lockdown');
  const held = await waitFor(
    async () => (await sut.bus.factsOf(ScanOutboundHeldV1)).find(({ causationId }) => causationId === accepted.id),
    'the message to be held',
  );
  const id = held.data.approvalId;
  const before = await sut.ask(GetApproval, reviewer, { id });
  expect(before.message_preview?.text).toContain('marker of the held one');
  await isGone(messageId);
  await buried(messageId);
  const after = await sut.ask(GetApproval, reviewer, { id });
  expect(after).toMatchObject({ status: 'cancelled', message_preview: null });
  expect(after.resolved_at).not.toBeNull();
  await expect(
    sut.ask(ApproveMessage, reviewer, { id, body: { content_hash: before.content_hash } }),
  ).rejects.toMatchObject({ code: 'invalid_state' });
  const rows = await sut.database.query<{ text: string }>(
    `SELECT to_json(a)::text AS text FROM approvals a UNION ALL SELECT to_json(v)::text FROM verdicts v`,
  );
  expect(rows.filter(({ text }) => text.includes('marker of the held one'))).toEqual([]);
});

it('a message whose deletion overtakes it is not let go', async () => {
  const accepted = await acceptedFact(caller, infra.contentStoreUrl, { text: 'late' });
  const { messageId } = accepted.data.dispatch;
  await isGone(messageId);
  await buried(messageId);
  await sut.bus.publish(MessageAcceptedV1, accepted);
  await caughtUp();
  expect(await passed(messageId)).toEqual([]);
  expect(await sut.database.query(`SELECT 1 FROM verdicts WHERE message_id = $1`, [messageId])).toEqual([]);
});

it('what was found in a received mail goes with the message, also when it is found later', async () => {
  const raw = Buffer.from('Subject: Hi\r\n\r\nHello');
  const store = storeAt(infra.contentStoreUrl);
  const address = { address: 'bob@example.com', name: null };
  const parsed = {
    messageIdHeader: null,
    inReplyTo: [],
    references: [],
    from: address,
    to: [address],
    cc: [],
    replyTo: [],
    subject: 'Hi',
    text: 'Hello',
    html: null,
    date: null,
    attachments: [],
    authentication: null,
    parseError: null,
  };
  const arrive = async (mailId = newId('mail')) => {
    await sut.bus.publish(MailReceivedV1, {
      organizationId: caller.organizationId,
      mode: caller.mode,
      data: {
        mailId,
        inboxId: newId('inb'),
        recipient: 'agent@postern.test',
        mailFrom: address.address,
        via: 'smtp',
        receivedAt: new Date().toISOString(),
        raw: await carry(store, caller.organizationId, raw),
        parsed: await carry(store, caller.organizationId, Buffer.from(JSON.stringify(parsed))),
      },
    });
    return mailId;
  };
  const completed = (mailId: string) =>
    waitFor(
      async () => (await sut.bus.factsOf(ScanInboundCompletedV1)).find(({ data }) => data.received.mailId === mailId),
      'the mail to be judged',
    );
  const verdictsOn = (mailId: string) =>
    sut.database.query(`SELECT 1 FROM inbound_verdicts WHERE mail_id = $1`, [mailId]);

  const mailId = await arrive();
  await completed(mailId);
  await isGone(sameIdAs('msg', mailId), 'inbound');
  await buried(sameIdAs('msg', mailId));
  expect(await verdictsOn(mailId)).toEqual([]);

  const late = newId('mail');
  await isGone(sameIdAs('msg', late), 'inbound');
  await buried(sameIdAs('msg', late));
  await arrive(late);
  await completed(await arrive());
  expect(await verdictsOn(late)).toEqual([]);
});

it('verdicts without an approval end with the tombstone', async () => {
  const { messageId } = await accept('clean', 'guarded_send');
  await waitFor(async () => (await passed(messageId)).length, 'the message to pass');
  await isGone(messageId);
  await buried(messageId);
  const verdicts = () =>
    sut.database.query<{ security: unknown }>(`SELECT security FROM verdicts WHERE message_id = $1`, [messageId]);
  expect(await verdicts()).toEqual([{ security: null }]);
  await sut.database.query(`UPDATE tombstones SET sweep_at = NULL`);
  await sut.app.get(DeletionSweep).turn(new Date(Date.now() + 73 * HOUR_MS));
  expect(await verdicts()).toEqual([]);
});
