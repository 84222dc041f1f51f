import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApproveMessage,
  CancelApproval,
  type CommandContext,
  GetApproval,
  ListApprovals,
  MessageAcceptedV1,
  type MessageId,
  newId,
  RejectMessage,
  ScanApprovalResolvedV1,
  ScanOutboundPassedV1,
  SendCancelledV1,
} from '@postern/contracts';
import { PURGE, type Purge } from '@postern/eventing';
import {
  callerOf,
  fullRun,
  inLockOrder,
  type Infra,
  type ServiceUnderTest,
  startInfra,
  startService,
  waitFor,
} from '@postern/testing';
import { migrations } from '../src/store/migrations/index.js';
import { scanServiceFromSources } from './extractor-from-sources.js';
import { acceptedFact } from './scan-stack.js';

const RACES = fullRun() ? 200 : 20;

let infra: Infra;
let sut: ServiceUnderTest;
const sender = callerOf();
const reviewer: CommandContext = { ...sender, keyId: newId('key') };

beforeAll(async () => {
  infra = await startInfra();
  sut = await startService({ infra, service: scanServiceFromSources, schema: 'security_scan', migrations });
});
afterAll(async () => {
  await sut.stop();
  await infra.stop();
});

const accepted = () => acceptedFact(sender, infra.contentStoreUrl, { text: 'Wait', securityLevel: 'full_lockdown' });
const approvalOf = async (messageId: string) =>
  (await sut.ask(ListApprovals, reviewer, { limit: 100 })).data.find(({ message_id }) => message_id === messageId);

/** The approval of a message that waits for a person. */
async function held() {
  const fact = await accepted();
  await sut.bus.publish(MessageAcceptedV1, fact);
  return waitFor(() => approvalOf(fact.data.dispatch.messageId), 'the message to be held');
}

const cancel = (messageId: MessageId, caller = sender) => sut.ask(CancelApproval, caller, { messageId });
const stop = (messageId: MessageId) =>
  sut.bus.publish(SendCancelledV1, {
    organizationId: sender.organizationId,
    mode: sender.mode,
    data: { messageId, at: new Date().toISOString() },
  });
const resolutions = async (messageId: string) =>
  (await sut.bus.factsOf(ScanApprovalResolvedV1)).map(({ data }) => data).filter((one) => one.messageId === messageId);

describe('approvals of several messages', () => {
  it('are emptied in the order in which they are cancelled', async () => {
    const [first, later] = (await Promise.all([held(), held()])).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const deleted = [later, first].map((one) => ({
      organizationId: sender.organizationId,
      mode: sender.mode,
      messageId: one?.message_id ?? '',
      inboxId: one?.inbox_id ?? '',
      direction: 'outbound' as const,
    }));
    const lockOf = (id = ''): string => `SELECT 1 FROM security_scan.approvals WHERE id = '${id}' FOR UPDATE`;
    await inLockOrder(infra.adminUrl, {
      first: lockOf(first?.id),
      later: [lockOf(later?.id)],
      work: () => sut.database.transaction((tx) => sut.app.get<Purge>(PURGE).run(tx, deleted)),
    });
    expect(
      await sut.database.query(`SELECT 1 FROM approvals WHERE status = 'cancelled' AND dispatch IS NULL`),
    ).toHaveLength(2);
  });
});

describe('an approval', () => {
  it('ends with its message, and is told once; nobody can decide on it any more', async () => {
    const { id, message_id, content_hash } = await held();
    expect(await cancel(message_id)).toEqual({ outcome: 'cancelled' });
    expect(await cancel(message_id)).toEqual({ outcome: 'cancelled' });
    expect(await sut.ask(GetApproval, reviewer, { id })).toMatchObject({
      status: 'cancelled',
      resolved_at: expect.any(String),
    });
    for (const decision of [
      sut.ask(ApproveMessage, reviewer, { id, body: { content_hash } }),
      sut.ask(RejectMessage, reviewer, { id, body: {} }),
    ]) {
      await expect(decision).rejects.toMatchObject({ code: 'invalid_state' });
    }
    await waitFor(async () => (await resolutions(message_id)).length > 0, 'the fact');
    expect(await resolutions(message_id)).toEqual([
      expect.objectContaining({ approvalId: id, outcome: 'cancelled', decidedBy: sender.keyId }),
    ]);
  });

  it('that people decided on is not cancelled', async () => {
    const approved = await held();
    await sut.ask(ApproveMessage, reviewer, { id: approved.id, body: { content_hash: approved.content_hash } });
    expect(await cancel(approved.message_id)).toEqual({
      outcome: 'approved',
      notBefore: '2026-11-21T12:00:00.000Z',
    });
    const rejected = await held();
    await sut.ask(RejectMessage, reviewer, { id: rejected.id, body: {} });
    expect(await cancel(rejected.message_id)).toEqual({ outcome: 'ended' });
  });

  it(`is approved or cancelled, never both, in ${RACES} races`, async () => {
    for (let race = 0; race < RACES; race += 1) {
      const { id, message_id, content_hash } = await held();
      const approve = () =>
        sut.ask(ApproveMessage, reviewer, { id, body: { content_hash } }).then(
          () => true,
          () => false,
        );
      // Now the one, now the other has a head start.
      const asked = race % 2 === 0 ? [approve(), cancel(message_id)] : [cancel(message_id), approve()];
      const [one, other] = await Promise.all(asked);
      const approved = one === true || other === true;
      const reply = typeof one === 'object' ? one : other;
      expect(reply).toMatchObject({ outcome: approved ? 'approved' : 'cancelled' });
      expect(await sut.ask(GetApproval, reviewer, { id })).toMatchObject({
        status: approved ? 'approved' : 'cancelled',
      });
      await waitFor(async () => (await resolutions(message_id)).length === 1, 'one outcome to be told');
    }
  });

  it("ends by delivery's word, too; another tenant's word changes nothing", async () => {
    const { id, message_id } = await held();
    expect(await cancel(message_id, callerOf())).toEqual({ outcome: 'cancelled' });
    expect(await sut.ask(GetApproval, reviewer, { id })).toMatchObject({ status: 'pending' });
    await stop(message_id);
    await waitFor(
      async () => (await sut.ask(GetApproval, reviewer, { id })).status === 'cancelled',
      'the approval to be cancelled',
    );
  });

  it('is over at once when its message was cancelled before it was judged', async () => {
    const fact = await accepted();
    const messageId = fact.data.dispatch.messageId as MessageId;
    await cancel(messageId);
    await sut.bus.publish(MessageAcceptedV1, fact);
    const approval = await waitFor(() => approvalOf(messageId), 'the message to be judged');
    expect(approval.status).toBe('cancelled');
    expect(
      (await sut.bus.factsOf(ScanOutboundPassedV1)).some(({ data }) => data.dispatch.messageId === messageId),
    ).toBe(false);
  });

  it('is over in the end when its message is cancelled while it is judged', async () => {
    const facts = await Promise.all(Array.from({ length: 20 }, accepted));
    await Promise.all(
      facts.flatMap((fact) => [
        sut.bus.publish(MessageAcceptedV1, fact),
        stop(fact.data.dispatch.messageId as MessageId),
      ]),
    );
    for (const fact of facts) {
      await waitFor(
        async () => (await approvalOf(fact.data.dispatch.messageId))?.status === 'cancelled',
        'the approval to be cancelled',
      );
    }
  });
});
