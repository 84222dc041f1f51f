import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateInbox,
  ListMessages,
  MessageAcceptedV1,
  MessageStatusChangedV1,
  newId,
  PauseInbox,
  RecipientSentV1,
  ScanOutboundPassedV1,
  SuppressionAddedV1,
  FEEDBACK_EVENTS,
  type CommandContext,
  type Feedback,
  type Message,
} from '@postern/contracts';
import { callerOf, waitFor, type ServiceUnderTest } from '@postern/testing';
import { CLEAN, Harness, sentFact } from './harness.js';

let harness: Harness;
let sut: ServiceUnderTest;

beforeAll(async () => {
  harness = await Harness.start();
  sut = harness.sut;
});
afterAll(() => harness.stop());

const newInbox = (...args: Parameters<Harness['newInbox']>) => harness.newInbox(...args);
const send = (...args: Parameters<Harness['send']>) => harness.send(...args);
const read = (...args: Parameters<Harness['read']>) => harness.read(...args);

const acceptedOf = (id: string) =>
  waitFor(
    async () => (await sut.bus.factsOf(MessageAcceptedV1)).find(({ data }) => data.message.id === id),
    'accepted fact',
  );

async function pass(caller: CommandContext, message: Message): Promise<void> {
  const accepted = await acceptedOf(message.id);
  await sut.bus.publish(ScanOutboundPassedV1, {
    ...caller,
    causationId: accepted.id,
    data: { inboxId: message.inbox_id, dispatch: accepted.data.dispatch, security: CLEAN, securityStatus: 'clean' },
  });
}

const feedback = (message: Message, kind: Feedback['kind'], given: Partial<Feedback> = {}): Feedback => ({
  kind,
  sesMessageId: 'ses-1',
  messageId: message.id,
  attempt: 1,
  recipients: message.recipients.map(({ address }) => ({
    address: address.toUpperCase(),
    status: null,
    diagnostic: null,
  })),
  type: null,
  subType: null,
  at: new Date().toISOString(),
  ...given,
});

describe('inboxes', () => {
  it('are found by id, slug and address in any case, and only by their own tenant', async () => {
    const caller = callerOf();
    const inbox = await newInbox(caller, 'support');
    for (const reference of [inbox.id, 'support', 'Support@Postern.test']) {
      const page = await sut.ask(ListMessages, caller, { inbox: reference, query: { limit: 25 }, readWithheld: false });
      expect(page).toEqual({ data: [], has_more: false, next_cursor: null });
    }
    await expect(
      sut.ask(ListMessages, callerOf(), { inbox: inbox.id, query: { limit: 25 }, readWithheld: false }),
    ).rejects.toMatchObject({ code: 'not_found' });
    await expect(
      sut.ask(
        ListMessages,
        { ...caller, mode: 'test' },
        { inbox: inbox.id, query: { limit: 25 }, readWithheld: false },
      ),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuse an address that another organization has', async () => {
    await newInbox(callerOf(), 'taken');
    await expect(newInbox(callerOf(), 'taken')).rejects.toMatchObject({ code: 'address_taken', httpStatus: 409 });
  });

  it('are made once per idempotency key', async () => {
    const caller = callerOf({ idempotency: { key: 'k1', scope: 'POST /v1/inboxes', bodyHash: 'h1' } });
    const [one, two] = await Promise.all([newInbox(caller), newInbox(caller)]);
    expect(two.id).toBe(one.id);
    await expect(
      newInbox({ ...caller, idempotency: { key: 'k1', scope: 'POST /v1/inboxes', bodyHash: 'other' } }),
    ).rejects.toMatchObject({ code: 'idempotency_conflict' });
  });
});

describe('sending', () => {
  it('stores the message with the fact that sends it on its way', async () => {
    const caller = callerOf();
    const inbox = await newInbox(caller);
    const message = await send(caller, inbox, { html: '<p>Hi</p>', bcc: [{ address: 'eve@example.com', name: null }] });
    expect(message).toMatchObject({
      delivery_status: 'queued',
      security_status: 'pending',
      delivery: 'email',
      from: { address: inbox.address, name: null },
      message_id_header: `<${message.id}@postern.test>`,
    });
    expect(await read(caller, message.id)).toEqual(message);
    const { data } = await acceptedOf(message.id);
    const mime = Buffer.from(data.dispatch.content.inline ?? '', 'base64').toString();
    expect(data.dispatch.envelope.recipients).toEqual([
      { address: 'ann@example.com', role: 'to' },
      { address: 'eve@example.com', role: 'bcc' },
    ]);
    expect(mime).toMatch(/^Message-ID: <msg_/m);
    expect(mime).not.toContain('eve@example.com');
  });

  it('makes one message of 20 concurrent equal requests', async () => {
    const caller = callerOf();
    const inbox = await newInbox(caller);
    const same = { ...caller, idempotency: { key: 'once', scope: 'POST /v1/messages', bodyHash: 'h' } };
    const all = await Promise.all(Array.from({ length: 20 }, () => send(same, inbox)));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    const page = await sut.ask(ListMessages, caller, { inbox: null, query: { limit: 25 }, readWithheld: false });
    expect(page.data).toHaveLength(1);
  });

  it('refuses paused inboxes, low levels and too large messages before anything is stored', async () => {
    const caller = callerOf();
    const inbox = await newInbox(caller);
    const big = 'x'.repeat(11 * 1024 * 1024);
    await expect(send(caller, inbox, { text: big })).rejects.toMatchObject({
      code: 'payload_too_large',
      httpStatus: 413,
    });
    await sut.ask(PauseInbox, caller, { inbox: inbox.slug });
    await expect(send(caller, inbox)).rejects.toMatchObject({ code: 'inbox_paused' });
    const low = await sut.ask(CreateInbox, caller, { security_level: 'ai_protected' });
    await expect(send(caller, low)).rejects.toMatchObject({ code: 'level_insufficient', httpStatus: 403 });
    const page = await sut.ask(ListMessages, caller, { inbox: null, query: { limit: 25 }, readWithheld: false });
    expect(page.data).toEqual([]);
  });

  it('refuses a suppressed recipient, or leaves it out when asked to', async () => {
    const caller = callerOf();
    const inbox = await newInbox(caller);
    await sut.bus.publish(SuppressionAddedV1, {
      ...caller,
      data: {
        suppression: {
          id: newId('sup'),
          address: 'Bob@Example.com',
          reason: 'bounce',
          source_message_id: null,
          created_at: new Date().toISOString(),
        },
      },
    });
    const to = [
      { address: 'bob@example.com', name: null },
      { address: 'ann@example.com', name: null },
    ];
    const refusal = await waitFor(
      () =>
        send(caller, inbox, { to }).then(
          () => null,
          (error: unknown) => error,
        ),
      'the suppression to be known',
    );
    expect(refusal).toMatchObject({
      code: 'recipients_blocked',
      httpStatus: 422,
      details: { recipients: [{ address: 'bob@example.com', reason: 'suppressed_bounce' }] },
    });
    const message = await send(caller, inbox, { to, on_blocked_recipient: 'skip' });
    expect(message.recipients.map(({ status, reason }) => [status, reason])).toEqual([
      ['skipped', 'suppressed_bounce'],
      ['queued', null],
    ]);
    const { data } = await acceptedOf(message.id);
    expect(data.dispatch.envelope.recipients).toEqual([{ address: 'ann@example.com', role: 'to' }]);
  });
});

describe('status', () => {
  it('is the same whether facts come in order, reversed or twice', async () => {
    const caller = callerOf();
    const inbox = await newInbox(caller);
    const orders = [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2, 2, 1, 0],
    ];
    for (const order of orders) {
      const message = await send(caller, inbox);
      await pass(caller, message);
      const plays = [
        () => sut.bus.publish(RecipientSentV1, { ...caller, data: sentFact(message) }),
        () => sut.bus.publish(FEEDBACK_EVENTS.delivered, { ...caller, data: feedback(message, 'delivered') }),
        () =>
          sut.bus.publish(FEEDBACK_EVENTS.bounced, {
            ...caller,
            data: feedback(message, 'bounced', { type: 'Permanent', subType: 'General' }),
          }),
      ];
      for (const step of order) await plays[step]?.();
      const settled = await waitFor(async () => {
        const now = await read(caller, message.id);
        return now.delivery_status === 'bounced' && now.provider_message_id !== null && now.security !== null
          ? now
          : null;
      }, 'the message to have bounced');
      expect(settled.recipients[0]).toMatchObject({ status: 'bounced', reason: 'Permanent/General' });
      const announced = await waitFor(async () => {
        const told = (await sut.bus.factsOf(MessageStatusChangedV1)).filter(
          ({ data }) => data.message.id === message.id,
        );
        // The last version is on the bus, so all before it are.
        const isComplete = told.some(({ data }) => data.message.updated_at === settled.updated_at);
        return isComplete ? told.map(({ data }) => data.announce) : null;
      }, 'all facts about the message');
      expect(announced.filter((type) => type === 'message.sent')).toHaveLength(1);
      expect(announced.filter((type) => type === 'message.bounced')).toHaveLength(1);
    }
  });

  it('of one recipient never leaks into another', async () => {
    const caller = callerOf();
    const inbox = await newInbox(caller);
    const message = await send(caller, inbox, {
      to: ['ann@example.com', 'bob@example.com'].map((address) => ({ address, name: null })),
    });
    await sut.bus.publish(FEEDBACK_EVENTS.bounced, {
      ...caller,
      data: feedback(message, 'bounced', {
        recipients: [{ address: 'BOB@example.com', status: '5.1.1', diagnostic: '550' }],
      }),
    });
    await sut.bus.publish(FEEDBACK_EVENTS.delivered, {
      ...caller,
      data: feedback(message, 'delivered', {
        recipients: [{ address: 'ann@example.com', status: null, diagnostic: null }],
      }),
    });
    const settled = await waitFor(async () => {
      const now = await read(caller, message.id);
      return now.recipients.every(({ status }) => status !== 'queued') ? now : null;
    }, 'both recipients to be settled');
    expect(settled.recipients.map(({ status }) => status)).toEqual(['delivered', 'bounced']);
    expect(settled.delivery_status).toBe('bounced');
  });

  it('settles the accepted fact, so that more of the organization may follow', async () => {
    const caller = callerOf();
    const message = await send(caller, await newInbox(caller));
    await pass(caller, message);
    await waitFor(async () => {
      const open = await sut.database.query(`SELECT 1 FROM outbox WHERE unsettled AND organization_id = $1`, [
        caller.organizationId,
      ]);
      return open.length === 0;
    }, 'the fact to be settled');
  });
});
