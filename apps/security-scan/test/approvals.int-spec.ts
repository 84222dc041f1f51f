import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ApproveMessage,
  GetApproval,
  ListApprovals,
  MessageAcceptedV1,
  newId,
  RejectMessage,
  ScanApprovalResolvedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  type Approval,
  type CommandContext,
} from '@postern/contracts';
import { callerOf, startInfra, startService, waitFor, type Infra, type ServiceUnderTest } from '@postern/testing';
import { scanServiceFromSources } from './extractor-from-sources.js';
import { migrations } from '../src/store/migrations/index.js';
import { acceptedFact } from './scan-stack.js';

let infra: Infra;
let sut: ServiceUnderTest;
const sender = callerOf();
const reviewer: CommandContext = { ...sender, keyId: newId('key') };
const stranger = callerOf();

beforeAll(async () => {
  infra = await startInfra();
  sut = await startService({ infra, service: scanServiceFromSources, schema: 'security_scan', migrations });
});

afterAll(async () => {
  await sut.stop();
  await infra.stop();
});

/** A message that waits for a person, and what messaging dispatched. */
async function held() {
  const accepted = await acceptedFact(sender, infra.contentStoreUrl, { text: 'Wait', securityLevel: 'full_lockdown' });
  await sut.bus.publish(MessageAcceptedV1, accepted);
  const fact = await waitFor(
    async () => (await sut.bus.factsOf(ScanOutboundHeldV1)).find(({ causationId }) => causationId === accepted.id),
    'the message to be held',
  );
  const approval: Approval = await sut.ask(GetApproval, reviewer, { id: fact.data.approvalId });
  return { approval, accepted };
}

const passedFor = (messageId: string) =>
  waitFor(async () => {
    const facts = await sut.bus.factsOf(ScanOutboundPassedV1);
    const about = facts.filter(({ data }) => data.dispatch.messageId === messageId);
    return about.length > 0 && about;
  }, 'the message to be let go');

const rejectedFor = (messageId: string) =>
  waitFor(
    async () => (await sut.bus.factsOf(ScanOutboundRejectedV1)).find(({ data }) => data.messageId === messageId),
    'the message to be rejected',
  );

/** How people decided, as others are told. */
const resolvedFor = async ({ id }: Approval) =>
  waitFor(
    async () => (await sut.bus.factsOf(ScanApprovalResolvedV1)).find(({ data }) => data.approvalId === id)?.data,
    'the decision to be told',
  );

describe('approvals', () => {
  it('show what waits', async () => {
    const { approval, accepted } = await held();
    expect(approval).toMatchObject({
      message_id: accepted.data.dispatch.messageId,
      reason: 'full_lockdown',
      status: 'pending',
      version: 1,
      content_hash: accepted.data.dispatch.contentHash,
      required: 1,
      decisions: [],
      requested_by: sender.keyId,
      message_preview: { subject: 'Report', text: 'Wait', to: [{ address: 'ann@example.com', name: null }] },
      resolved_at: null,
    });
    const waitMs = Date.parse(approval.expires_at) - Date.parse(approval.created_at);
    expect(waitMs).toBe(24 * 3600 * 1000);
  });

  it('are listed newest first, by status and page by page', async () => {
    const first = (await held()).approval;
    const second = (await held()).approval;
    const page = await sut.ask(ListApprovals, reviewer, { status: 'pending', limit: 1 });
    expect(page).toMatchObject({ data: [{ id: second.id }], has_more: true });
    const next = await sut.ask(ListApprovals, reviewer, {
      status: 'pending',
      limit: 1,
      cursor: page.next_cursor ?? '',
    });
    expect(next.data[0]?.id).toBe(first.id);
    await expect(sut.ask(ListApprovals, reviewer, { limit: 1, cursor: 'x' })).rejects.toMatchObject({
      code: 'validation_error',
    });
  });

  it('let a message go unchanged once another key approved exactly this content', async () => {
    const { approval, accepted } = await held();
    const body = { content_hash: approval.content_hash, note: 'fine' };
    const decided = await sut.ask(ApproveMessage, reviewer, { id: approval.id, body });
    expect(decided).toMatchObject({
      status: 'approved',
      decisions: [{ key_id: reviewer.keyId, decision: 'approve', note: 'fine', version: 1 }],
      resolved_at: expect.any(String),
    });
    const facts = await passedFor(approval.message_id);
    expect(facts).toHaveLength(1);
    expect(facts[0]).toMatchObject({
      causationId: accepted.id,
      correlationId: accepted.correlationId,
      data: { dispatch: accepted.data.dispatch, securityStatus: 'clean' },
    });
    expect(await resolvedFor(approval)).toMatchObject({
      approvalId: approval.id,
      messageId: approval.message_id,
      inboxId: approval.inbox_id,
      version: 1,
      outcome: 'approved',
      decidedBy: reviewer.keyId,
      approval: { ...decided, message_preview: { subject: 'Report', text: null } },
    });
    await expect(sut.ask(ApproveMessage, reviewer, { id: approval.id, body })).rejects.toMatchObject({
      code: 'invalid_state',
      httpStatus: 409,
    });
  });

  it('reject a message by one word', async () => {
    const { approval } = await held();
    const decided = await sut.ask(RejectMessage, reviewer, { id: approval.id, body: { reason: 'no' } });
    expect(decided).toMatchObject({ status: 'rejected', decisions: [{ decision: 'reject', note: 'no' }] });
    expect((await rejectedFor(approval.message_id)).data).toMatchObject({
      reason: 'Rejected by a reviewer.',
      approvalId: approval.id,
    });
    expect(await resolvedFor(approval)).toMatchObject({ outcome: 'rejected', decidedBy: reviewer.keyId });
  });

  it('refuse another content hash, the key that sent, no key at all', async () => {
    const { approval } = await held();
    const ask = (caller: CommandContext, content_hash: string) =>
      sut.ask(ApproveMessage, caller, { id: approval.id, body: { content_hash } });
    await expect(ask(reviewer, 'f'.repeat(64))).rejects.toMatchObject({ code: 'approval_outdated', httpStatus: 409 });
    await expect(ask(sender, approval.content_hash)).rejects.toMatchObject({ code: 'forbidden', httpStatus: 403 });
    await expect(ask({ ...reviewer, keyId: null }, approval.content_hash)).rejects.toMatchObject({ code: 'forbidden' });
    expect((await sut.ask(GetApproval, reviewer, { id: approval.id })).status).toBe('pending');
  });

  it('are not there for another organization, mode or inbox', async () => {
    const { approval } = await held();
    const body = { content_hash: approval.content_hash };
    const others: CommandContext[] = [
      stranger,
      { ...reviewer, mode: 'test' },
      { ...reviewer, inboxIds: [newId('inb')] },
    ];
    for (const other of others) {
      await expect(sut.ask(GetApproval, other, { id: approval.id })).rejects.toMatchObject({ code: 'not_found' });
      await expect(sut.ask(ApproveMessage, other, { id: approval.id, body })).rejects.toMatchObject({
        code: 'not_found',
      });
      expect((await sut.ask(ListApprovals, other, { limit: 25 })).data).toEqual([]);
    }
    await expect(sut.ask(GetApproval, reviewer, { id: 'apr_nonsense' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('answer a repeated call with the first result', async () => {
    const { approval } = await held();
    const idempotency = { key: approval.id, scope: 'POST approve', bodyHash: 'b' };
    const again = () =>
      sut.ask(
        ApproveMessage,
        { ...reviewer, idempotency },
        { id: approval.id, body: { content_hash: approval.content_hash } },
      );
    expect((await again()).status).toBe('approved');
    expect((await again()).decisions).toHaveLength(1);
    expect(await passedFor(approval.message_id)).toHaveLength(1);
  });

  it('are decided once when many decide at the same time', async () => {
    const { approval } = await held();
    const answers = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        index % 2 === 0
          ? sut.ask(
              ApproveMessage,
              { ...reviewer, keyId: newId('key') },
              { id: approval.id, body: { content_hash: approval.content_hash } },
            )
          : sut.ask(RejectMessage, { ...reviewer, keyId: newId('key') }, { id: approval.id, body: {} }),
      ),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('reject what nobody approved in time', async () => {
    const { approval } = await held();
    await sut.database.query(`UPDATE approvals SET expires_at = now() WHERE id = $1`, [approval.id]);
    const fact = await rejectedFor(approval.message_id);
    expect(fact.data).toMatchObject({ approvalStatus: 'expired', reason: 'Nobody approved it in time.' });
    expect((await sut.ask(GetApproval, reviewer, { id: approval.id })).status).toBe('expired');
    expect(await resolvedFor(approval)).toMatchObject({ outcome: 'expired', decidedBy: null });
  });
});
