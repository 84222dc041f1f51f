import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type Approval,
  ApproveMessage,
  CancelApproval,
  type CommandContext,
  CreatePolicy,
  CreatePolicyBody,
  EditMessage,
  GetApproval,
  ListApprovals,
  MessageAcceptedV1,
  type InboxId,
  type MessageEdit,
  type MessageId,
  MessageRevisedV1,
  newId,
  type RefusalReason,
  RejectMessage,
  RevisionRefusedV1,
  ScanApprovalDecidedV1,
  ScanApprovalResolvedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  ScanRevisionRequestedV1,
} from '@postern/contracts';
import { carry, sha256 } from '@postern/eventing';
import { payloadTooLarge } from '@postern/platform';
import {
  callerOf,
  fullRun,
  type Infra,
  randomFrom,
  type ServiceUnderTest,
  startInfra,
  startService,
  waitFor,
} from '@postern/testing';
import { migrations } from '../src/store/migrations/index.js';
import { scanServiceFromSources } from './extractor-from-sources.js';
import { type Messaging, playMessaging } from './messaging.player.js';
import { acceptedFact, mimeOf, storeAt } from './scan-stack.js';

jest.setTimeout(fullRun() ? 600_000 : 60_000);

const RACES = fullRun() ? 200 : 20;
const LEAK = 'the key is AKIAIB3ZQ7RTWYNL4K2M';
const sender = callerOf();
const tenant = { organizationId: sender.organizationId, mode: sender.mode };
const reviewer: CommandContext = { ...sender, keyId: newId('key') };
const second: CommandContext = { ...sender, keyId: newId('key') };

let infra: Infra;
let sut: ServiceUnderTest;
let messaging: Messaging;

beforeAll(async () => {
  infra = await startInfra();
  sut = await startService({ infra, service: scanServiceFromSources, schema: 'security_scan', migrations });
  messaging = await playMessaging(infra.natsUrl);
});
afterAll(async () => {
  await messaging.stop();
  await sut.stop();
  await infra.stop();
});
afterEach(() => {
  messaging.refusal = null;
});

/** A message that waits for people. */
async function held(required = 1) {
  const accepted = await acceptedFact(sender, infra.contentStoreUrl, { text: 'Wait', securityLevel: 'full_lockdown' });
  const asked = { ...accepted, data: { ...accepted.data, approvalsRequired: required } };
  await sut.bus.publish(MessageAcceptedV1, asked);
  const approval = await waitFor(
    async () =>
      (await sut.ask(ListApprovals, reviewer, { limit: 100 })).data.find(
        ({ message_id }) => message_id === accepted.data.dispatch.messageId,
      ),
    'the message to be held',
  );
  return { approval, accepted: asked };
}
type Held = Awaited<ReturnType<typeof held>>;

const read = ({ approval: { id } }: Held): Promise<Approval> => sut.ask(GetApproval, reviewer, { id });
const edit = ({ approval }: Held, change: MessageEdit, who = reviewer) =>
  sut.ask(EditMessage, who, {
    id: approval.id,
    body: { content_hash: approval.content_hash, note: 'shorter' },
    edit: change,
  });
const approve = (id: string, content_hash: string, who = second) =>
  sut.ask(ApproveMessage, who, { id, body: { content_hash } });
const reject = ({ approval: { id } }: Held, who = second) => sut.ask(RejectMessage, who, { id, body: {} });

const requestFor = ({ approval }: Held) =>
  waitFor(
    async () => (await sut.bus.factsOf(ScanRevisionRequestedV1)).find(({ data }) => data.approvalId === approval.id),
    'another version to be asked for',
  );

/** What messaging says when it has made the version that was asked for. */
async function revised({ approval, accepted }: Held, text: string) {
  const { version } = accepted.data.dispatch;
  return {
    ...tenant,
    id: newId('evt'),
    data: {
      ...accepted.data,
      dispatch: {
        ...accepted.data.dispatch,
        version: version + 1,
        content: await carry(storeAt(infra.contentStoreUrl), sender.organizationId, mimeOf({ text })),
        contentHash: sha256(`envelope ${approval.id} ${text}`),
      },
      cause: 'edit' as const,
      approvalId: approval.id,
    },
  };
}
async function makes(waiting: Held, text: string) {
  await requestFor(waiting);
  const fact = await revised(waiting, text);
  await sut.bus.publish(MessageRevisedV1, fact);
  return fact;
}

type About = Extract<Parameters<typeof sut.bus.factsOf>[0], object>;
const factsAbout = async (event: About, { approval }: Held) =>
  (await sut.bus.factsOf(event)).filter(({ data }) => JSON.stringify(data).includes(approval.message_id));

describe('an edit', () => {
  it('that is clean counts as approved, and exactly what was scanned goes', async () => {
    const waiting = await held();
    const [answer, fact] = await Promise.all([edit(waiting, { text: 'Short' }), makes(waiting, 'Short')]);
    expect(answer).toMatchObject({
      status: 'approved',
      version: 2,
      content_hash: fact.data.dispatch.contentHash,
      revising: false,
      decisions: [{ key_id: reviewer.keyId, decision: 'approve', note: 'shorter', version: 2 }],
      message_preview: { text: 'Short' },
    });
    expect(messaging.asked.at(-1)).toEqual({ messageId: waiting.approval.message_id, edit: { text: 'Short' } });
    expect((await requestFor(waiting)).data).toMatchObject({
      base: waiting.accepted.data.dispatch,
      terms: { securityLevel: 'full_lockdown', requestedBy: sender.keyId, approvalsRequired: 1 },
      cause: 'edit',
      editedBy: reviewer.keyId,
    });
    await sut.bus.publish(MessageRevisedV1, fact, { again: true });
    await sut.bus.publish(MessageRevisedV1, { ...fact, id: newId('evt') });
    const passed = await waitFor(async () => {
      const facts = await factsAbout(ScanOutboundPassedV1, waiting);
      return facts.length > 0 && facts;
    }, 'the message to be let go');
    expect(passed.map(({ data }) => data)).toMatchObject([{ dispatch: fact.data.dispatch }]);
    expect(await factsAbout(ScanApprovalResolvedV1, waiting)).toHaveLength(1);
  });

  it('with something suspicious waits at the new version, which can be approved, and the old one no more', async () => {
    const waiting = await held();
    const [answer, fact] = await Promise.all([edit(waiting, { text: LEAK }), makes(waiting, LEAK)]);
    expect(answer).toMatchObject({
      status: 'pending',
      version: 2,
      content_hash: fact.data.dispatch.contentHash,
      decisions: [],
    });
    const told = await factsAbout(ScanOutboundHeldV1, waiting);
    expect(told.map(({ data }) => data)).toMatchObject([
      { version: 1 },
      { version: 2, securityStatus: 'flagged', approval: { version: 2, message_preview: { text: null } } },
    ]);
    await expect(approve(waiting.approval.id, waiting.approval.content_hash)).rejects.toMatchObject({
      code: 'approval_outdated',
    });
    expect(await approve(waiting.approval.id, answer.content_hash)).toMatchObject({ status: 'approved' });
  });

  it('that a rule blocks waits, too, for another edit or a rejection but not for an approval', async () => {
    const block = { type: 'keyword_filter', action: 'block', config: { keywords: ['canary of a rule'] } };
    await sut.ask(CreatePolicy, reviewer, CreatePolicyBody.parse(block));
    const waiting = await held();
    const text = 'The canary of a rule sings';
    const [answer] = await Promise.all([edit(waiting, { text }), makes(waiting, text)]);
    expect(answer).toMatchObject({ status: 'pending', version: 2, decisions: [] });
    await expect(approve(waiting.approval.id, answer.content_hash)).rejects.toMatchObject({
      code: 'invalid_state',
      message: expect.stringMatching(/Blocked by a policy/) as unknown,
    });
    expect(await factsAbout(ScanOutboundRejectedV1, waiting)).toEqual([]);
    expect(await reject(waiting)).toMatchObject({ status: 'rejected' });
  });

  it('voids earlier decisions, and is one of two', async () => {
    const waiting = await held(2);
    expect(await approve(waiting.approval.id, waiting.approval.content_hash)).toMatchObject({
      status: 'pending',
      required: 2,
    });
    const [answer] = await Promise.all([edit(waiting, { text: 'Short' }), makes(waiting, 'Short')]);
    expect(answer).toMatchObject({ status: 'pending', version: 2 });
    expect(answer.decisions.map(({ key_id, version }) => [key_id, version])).toEqual([
      [second.keyId, 1],
      [reviewer.keyId, 2],
    ]);
    await expect(approve(waiting.approval.id, answer.content_hash, reviewer)).rejects.toMatchObject({
      code: 'invalid_state',
    });
    expect(await approve(waiting.approval.id, answer.content_hash)).toMatchObject({ status: 'approved' });
    const decided = await factsAbout(ScanApprovalDecidedV1, waiting);
    expect(decided.map(({ data }) => data)).toMatchObject([
      { version: 1, decidedBy: second.keyId, approvals: 1, required: 2 },
      { version: 2, decidedBy: reviewer.keyId },
    ]);
  });

  it('keeps others from deciding on what is over, but not from saying no', async () => {
    const waiting = await held();
    const editing = edit(waiting, { text: 'Short' });
    await requestFor(waiting);
    await expect(approve(waiting.approval.id, waiting.approval.content_hash)).rejects.toMatchObject({
      code: 'approval_outdated',
    });
    await expect(edit(waiting, { text: 'Other' }, second)).rejects.toMatchObject({ code: 'approval_outdated' });
    expect(await reject(waiting)).toMatchObject({ status: 'rejected', version: 1 });
    await makes(waiting, 'Short');
    expect(await editing).toMatchObject({ status: 'rejected' });
    await waitFor(
      async () =>
        (
          await sut.database.query(`SELECT 1 FROM verdicts WHERE message_id = $1 AND version = 2`, [
            waiting.approval.message_id,
          ])
        ).length === 1,
      'the late version to be judged',
    );
    expect(await factsAbout(ScanOutboundPassedV1, waiting)).toEqual([]);
    expect(await factsAbout(ScanOutboundRejectedV1, waiting)).toHaveLength(1);
  });

  it('ends with its approval when nobody makes the version in time', async () => {
    const waiting = await held();
    const editing = edit(waiting, { text: 'Short' });
    await requestFor(waiting);
    await sut.database.query(`UPDATE approvals SET expires_at = now() WHERE id = $1`, [waiting.approval.id]);
    expect(await editing).toMatchObject({ status: 'expired', revising: false });
  });

  it('that cannot be made changes nothing', async () => {
    const waiting = await held();
    messaging.refusal = payloadTooLarge();
    await expect(edit(waiting, { text: 'Long' })).rejects.toMatchObject({ code: 'payload_too_large' });
    messaging.refusal = null;
    await expect(edit(waiting, { text: 'Mine' }, sender)).rejects.toMatchObject({ code: 'forbidden' });
    const editing = edit(waiting, { text: 'Short' });
    await requestFor(waiting);
    await sut.bus.publish(RevisionRefusedV1, {
      ...tenant,
      data: {
        messageId: waiting.approval.message_id,
        inboxId: waiting.approval.inbox_id,
        baseVersion: 1,
        cause: 'edit',
        approvalId: waiting.approval.id,
        reason: 'recipients_blocked',
      },
    });
    expect(await editing).toMatchObject({ status: 'pending', version: 1, revising: false });
    expect(await approve(waiting.approval.id, waiting.approval.content_hash)).toMatchObject({ status: 'approved' });
  });
});

describe('a redaction', () => {
  const refused = (messageId: MessageId, inboxId: InboxId, reason: RefusalReason) =>
    sut.bus.publish(RevisionRefusedV1, {
      ...tenant,
      data: { messageId, inboxId, baseVersion: 1, cause: 'redaction', approvalId: null, reason },
    });

  it('that cannot be made keeps the message from being sent; one that is outdated needs no answer', async () => {
    const [first, other] = [await held(), await held()];
    await refused(other.approval.message_id, other.approval.inbox_id, 'outdated');
    await refused(first.approval.message_id, first.approval.inbox_id, 'too_large');
    const [rejected] = await waitFor(async () => {
      const facts = await factsAbout(ScanOutboundRejectedV1, first);
      return facts.length > 0 && facts;
    }, 'the message to be rejected');
    expect(rejected?.data).toMatchObject({ version: 1, reason: expect.stringContaining('too large') });
    expect(await factsAbout(ScanOutboundRejectedV1, other)).toEqual([]);
  });

  it('of an edited message that cannot be made ends its approval', async () => {
    const waiting = await held();
    const editing = edit(waiting, { text: 'Short' });
    await requestFor(waiting);
    await sut.bus.publish(RevisionRefusedV1, {
      ...tenant,
      data: {
        messageId: waiting.approval.message_id,
        inboxId: waiting.approval.inbox_id,
        baseVersion: 2,
        cause: 'redaction',
        approvalId: waiting.approval.id,
        reason: 'too_large',
      },
    });
    expect(await editing).toMatchObject({ status: 'rejected', decisions: [] });
  });
});

describe(`${RACES} races of edit, approval, rejection, cancel and expiry`, () => {
  it('have one outcome each', async () => {
    const random = randomFrom(20_261_121);
    const race = async () => {
      const waiting = await held();
      const { id, message_id, content_hash } = waiting.approval;
      const moves: (() => Promise<unknown>)[] = [
        () => edit(waiting, { text: 'Short' }),
        () => approve(id, content_hash),
        () => reject(waiting),
        () => sut.ask(CancelApproval, sender, { messageId: message_id }),
        () => sut.database.query(`UPDATE approvals SET expires_at = now() WHERE id = $1`, [id]),
        async () => sut.bus.publish(MessageRevisedV1, await revised(waiting, 'Short')),
      ];
      const order = moves.map((move) => ({ move, at: random() })).sort((one, other) => one.at - other.at);
      await Promise.allSettled(order.map(({ move }) => move()));
      const ended = await waitFor(async () => {
        const now = await read(waiting);
        return now.status === 'pending' ? null : now;
      }, `${id} to end`);
      const resolved = await waitFor(async () => {
        const facts = await factsAbout(ScanApprovalResolvedV1, waiting);
        return facts.length > 0 && facts;
      }, `the end of ${id} to be told`);
      const passed = await factsAbout(ScanOutboundPassedV1, waiting);
      const rejected = await factsAbout(ScanOutboundRejectedV1, waiting);
      const [left, wrong] = [
        ended.status === 'approved' ? 1 : 0,
        ['rejected', 'expired'].includes(ended.status) ? 1 : 0,
      ];
      expect([resolved.length, passed.length, rejected.length]).toEqual([1, left, wrong]);
      expect(resolved[0]?.data).toMatchObject({ outcome: ended.status });
      if (left === 1) expect(passed[0]?.data).toMatchObject({ dispatch: { contentHash: ended.content_hash } });
    };
    for (let left = RACES; left > 0; left -= 4) await Promise.all(Array.from({ length: Math.min(4, left) }, race));
  });
});
