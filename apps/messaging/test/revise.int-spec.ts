import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  CheckRevision,
  type Dispatch,
  type Fact,
  GetRawMessage,
  type Inbox,
  ListMessages,
  MESSAGE_TIMELINE,
  MessageAcceptedV1,
  type MessageEdit,
  MessageRevisedV1,
  newId,
  RevisionRefusedV1,
  ScanOutboundRejectedV1,
  ScanRevisionRequestedV1,
  type SendMessageBody,
  SuppressionAddedV1,
} from '@postern/contracts';
import { sha256 } from '@postern/eventing';
import { callerOf, waitFor } from '@postern/testing';
import { CLEAN, Harness } from './harness.js';

const caller = callerOf();
const tenant = { organizationId: caller.organizationId, mode: caller.mode };
let harness: Harness;
let inbox: Inbox;

beforeAll(async () => {
  harness = await Harness.start();
  inbox = await harness.newInbox(caller);
});
afterAll(async () => {
  await harness.stop();
});

const factAbout = async <F extends Fact>(find: () => Promise<F | undefined>, what: string): Promise<F> =>
  waitFor(async () => (await find()) ?? null, what);
const acceptedOf = (id: string) =>
  factAbout(
    async () => (await harness.sut.bus.factsOf(MessageAcceptedV1)).find(({ data }) => data.message.id === id),
    `${id} to be accepted`,
  );
const revisedOf = (id: string, version: number) =>
  factAbout(
    async () =>
      (await harness.sut.bus.factsOf(MessageRevisedV1)).find(
        ({ data }) => data.message.id === id && data.dispatch.version === version,
      ),
    `${id} to be at version ${version}`,
  );
const refusedOf = (id: string) =>
  factAbout(
    async () => (await harness.sut.bus.factsOf(RevisionRefusedV1)).find(({ data }) => data.messageId === id),
    `the revision of ${id} to be refused`,
  );

/** A message that was accepted, and the fact of it. */
async function accepted(body: Partial<SendMessageBody> = {}) {
  const message = await harness.send(caller, inbox, body);
  return { message, fact: await acceptedOf(message.id) };
}

function contentOf(edit: MessageEdit) {
  const json = Buffer.from(JSON.stringify(edit));
  return { sha256: sha256(json), sizeBytes: json.byteLength, inline: json.toString('base64') };
}

/** What the guard says when it wants another version. */
const request = (fact: Fact<typeof MessageAcceptedV1>, base: Dispatch, edit: MessageEdit, id = newId('evt')) => ({
  ...tenant,
  id,
  causationId: fact.id,
  data: {
    messageId: fact.data.message.id,
    inboxId: inbox.id,
    base,
    terms: fact.data,
    edit: contentOf(edit),
    cause: 'edit' as const,
    approvalId: newId('apr'),
    editedBy: newId('key'),
  },
});
const ask = (played: ReturnType<typeof request>, again = false) =>
  harness.sut.bus.publish(ScanRevisionRequestedV1, played, { again });
const raw = async (id: string): Promise<string> => {
  const { raw: octets } = await harness.sut.ask(GetRawMessage, caller, { id, readWithheld: true });
  return Buffer.from(octets.inline ?? '', 'base64').toString('latin1');
};

describe('a revision', () => {
  test('makes the next version: what is edited is new, everything else stays', async () => {
    const { message, fact } = await accepted({
      subject: 'Old words',
      text: 'The code is 1234.',
      cc: [{ address: 'bob@example.com', name: null }],
      headers: { 'X-Case': '42' },
      attachments: [{ filename: 'a.txt', content: Buffer.from('kept').toString('base64') }],
    });
    const played = request(fact, fact.data.dispatch, {
      text: 'The code comes by phone.',
      to: [{ address: 'cid@example.com', name: 'Cid' }],
    });
    await ask(played);
    await ask(played, true);
    const { data, causationId } = await revisedOf(message.id, 2);
    expect(causationId).toBe(played.id);
    expect(data).toMatchObject({
      approvalId: played.data.approvalId,
      cause: 'edit',
      requestedBy: fact.data.requestedBy,
      dispatch: {
        version: 2,
        notBefore: fact.data.dispatch.notBefore,
        inDoubt: 'resend',
        envelope: { recipients: [{ address: 'cid@example.com' }, { address: 'bob@example.com' }] },
      },
    });
    expect(data.dispatch.contentHash).not.toBe(fact.data.dispatch.contentHash);
    const shown = await harness.read(caller, message.id);
    expect(shown).toMatchObject({
      subject: 'Old words',
      text: 'The code comes by phone.',
      to: [{ address: 'cid@example.com', name: 'Cid' }],
      own_message_id: message.own_message_id,
      thread_id: message.thread_id,
      attachments: message.attachments,
      delivery_status: 'queued',
    });
    const octets = await raw(message.id);
    expect(octets).toContain('comes by phone');
    expect(octets).not.toContain('1234');
    expect(octets).toContain('X-Case: 42');
    expect(octets).toContain(message.own_message_id);
    expect(octets).toContain(Buffer.from('kept').toString('base64'));
    const { entries } = await harness.sut.ask(MESSAGE_TIMELINE.messaging, caller, { id: message.id });
    expect(entries.filter(({ type }) => type === 'revised').map(({ data: told }) => told)).toEqual([{ version: 2 }]);
    const found = await harness.sut.ask(ListMessages, caller, {
      inbox: null,
      query: { q: 'phone', limit: 10 },
      readWithheld: false,
    });
    expect(found.data.map(({ id }) => id)).toEqual([message.id]);
  });

  test('of a version that is over is refused, however often it is asked for', async () => {
    const { message, fact } = await accepted();
    await ask(request(fact, fact.data.dispatch, { subject: 'Second' }));
    const { data } = await revisedOf(message.id, 2);
    const late = request(fact, fact.data.dispatch, { subject: 'Late' });
    await ask(late);
    await ask(late, true);
    expect((await refusedOf(message.id)).data).toMatchObject({ baseVersion: 1, reason: 'outdated', cause: 'edit' });
    await ask(request(fact, data.dispatch, { subject: 'Third' }));
    await revisedOf(message.id, 3);
    expect(await harness.read(caller, message.id)).toMatchObject({ subject: 'Third' });
    const refusals = (await harness.sut.bus.factsOf(RevisionRefusedV1)).filter(
      ({ data: told }) => told.messageId === message.id,
    );
    expect(refusals).toHaveLength(1);
  });

  test('of a message that has ended is refused', async () => {
    const { message, fact } = await accepted();
    await harness.sut.bus.publish(ScanOutboundRejectedV1, {
      ...tenant,
      data: { messageId: message.id, version: 1, security: CLEAN, reason: 'No.' },
    });
    await waitFor(
      async () => (await harness.read(caller, message.id)).delivery_status === 'rejected',
      'the message to be rejected',
    );
    await ask(request(fact, fact.data.dispatch, { subject: 'Late' }));
    expect((await refusedOf(message.id)).data.reason).toBe('outdated');
    await expect(
      harness.sut.ask(CheckRevision, caller, { messageId: message.id, edit: { subject: 'Late' } }),
    ).rejects.toMatchObject({ code: 'invalid_state' });
  });

  test('that cannot be composed is refused, and said so before', async () => {
    const address = `gone-${newId('evt')}@example.com`;
    await harness.sut.bus.publish(SuppressionAddedV1, {
      ...tenant,
      data: {
        suppression: {
          id: newId('sup'),
          address,
          reason: 'bounce',
          source_message_id: null,
          created_at: new Date().toISOString(),
        },
      },
    });
    const { message, fact } = await accepted();
    const check = (edit: MessageEdit, who = caller) =>
      harness.sut.ask(CheckRevision, who, { messageId: message.id, edit });
    const blocked: MessageEdit = { to: [{ address, name: null }] };
    await waitFor(
      () =>
        check(blocked).then(
          () => null,
          (error: { code?: string }) => (error.code === 'recipients_blocked' ? true : null),
        ),
      'the address to be blocked',
    );
    await expect(check({ text: 'x'.repeat(11 * 1024 * 1024) })).rejects.toMatchObject({ code: 'payload_too_large' });
    const crowd = Array.from({ length: 50 }, (_, n) => ({ address: `n${n}@example.com`, name: null }));
    await expect(check({ cc: crowd })).rejects.toMatchObject({ code: 'validation_error' });
    await expect(check({ text: 'Better.' }, callerOf())).rejects.toMatchObject({ code: 'not_found' });
    expect(await check({ text: 'Better.' })).toEqual({ sizeBytes: expect.any(Number) });
    await ask(request(fact, fact.data.dispatch, blocked));
    expect((await refusedOf(message.id)).data.reason).toBe('recipients_blocked');
    expect(await harness.read(caller, message.id)).toMatchObject({ text: 'Hi', to: message.to });
  });
});
