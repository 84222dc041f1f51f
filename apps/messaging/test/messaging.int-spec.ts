import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CreateInbox,
  GetMessage,
  GetThread,
  ListMessages,
  MessageAcceptedV1,
  MessageReceivedV1,
  MessageStatusChangedV1,
  newId,
  PauseInbox,
  RecipientSentV1,
  ScanInboundCompletedV1,
  ScanOutboundPassedV1,
  SendMessage,
  SuppressionAddedV1,
  FEEDBACK_EVENTS,
  type CommandContext,
  type Feedback,
  type Inbox,
  type Message,
  type Security,
  type SendMessageBody,
} from '@postern/contracts';
import { callerOf, startInfra, startService, waitFor, type Infra, type ServiceUnderTest } from '@postern/testing';
import { messagingService } from '../src/messaging.service.js';
import { migrations } from '../src/store/migrations/index.js';

const CLEAN: Security = { risk_score: 0, summary: 'Nothing found.', detections: [], triggered_policy: null };
const RAW = Buffer.from('From: b@example.com\r\n\r\nhello');
const sha = 'a'.repeat(64);

let infra: Infra;
let sut: ServiceUnderTest;

beforeAll(async () => {
  infra = await startInfra();
  sut = await startService({ infra, service: messagingService, schema: 'messaging', migrations });
}, 60_000);

afterAll(async () => {
  await sut.stop();
  await infra.stop();
});

async function newInbox(caller: CommandContext, slug?: string): Promise<Inbox> {
  return sut.ask(CreateInbox, caller, slug === undefined ? {} : { slug });
}

function send(caller: CommandContext, inbox: Inbox, body: Partial<SendMessageBody> = {}): Promise<Message> {
  const to = [{ address: 'ann@example.com', name: null }];
  return sut.ask(SendMessage, caller, {
    inbox: inbox.id,
    messageId: newId('msg'),
    body: { to, subject: 'Hello', text: 'Hi', ...body },
    inDoubt: 'resend',
  });
}

const read = (caller: CommandContext, id: string) => sut.ask(GetMessage, caller, { id, readWithheld: false });

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

const sentFact = (message: Message, sesMessageId = `ses-${message.id.slice(4)}`) => ({
  messageId: message.id,
  attempt: 1,
  at: new Date().toISOString(),
  recipients: message.recipients.map(({ address }) => address),
  sesMessageId,
  wireMessageId: `<${sesMessageId}@email.amazonses.com>`,
  settledLate: false,
});

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
      const told = (await sut.bus.factsOf(MessageStatusChangedV1)).filter(({ data }) => data.message.id === message.id);
      const announced = told.map(({ data }) => data.announce).filter((type) => type !== null);
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

describe('receiving', () => {
  const mailFor = (
    inbox: Inbox,
    given: { inReplyTo?: string[]; references?: string[]; messageIdHeader?: string } = {},
  ) => {
    const parsed = Buffer.from(
      JSON.stringify({
        messageIdHeader: `<${newId('msg')}@example.com>`,
        inReplyTo: [],
        references: [],
        from: { address: 'ann@example.com', name: 'Ann' },
        to: [{ address: inbox.address, name: null }],
        cc: [],
        replyTo: [],
        subject: 'Re: Hello',
        text: 'Thanks',
        html: null,
        date: null,
        attachments: [],
        authentication: null,
        parseError: null,
        ...given,
      }),
    );
    return {
      mailId: newId('mail'),
      inboxId: inbox.id,
      recipient: inbox.address,
      mailFrom: 'ann@example.com',
      via: 'smtp' as const,
      receivedAt: new Date().toISOString(),
      raw: { sha256: sha, sizeBytes: RAW.byteLength, inline: RAW.toString('base64') },
      parsed: { sha256: sha, sizeBytes: parsed.byteLength, inline: parsed.toString('base64') },
    };
  };
  const receive = async (
    caller: CommandContext,
    inbox: Inbox,
    mail: ReturnType<typeof mailFor>,
    securityStatus: 'clean' | 'withheld' = 'clean',
  ) => {
    await sut.bus.publish(ScanInboundCompletedV1, {
      ...caller,
      data: { received: mail, security: CLEAN, securityStatus },
    });
    return waitFor(async () => {
      const page = await sut.ask(ListMessages, caller, {
        inbox: inbox.id,
        query: { limit: 25, direction: 'inbound' },
        readWithheld: false,
      });
      return page.data.find(({ id }) => id.slice(4) === mail.mailId.slice(5));
    }, 'the mail to become a message');
  };

  it('puts a reply into the thread of the message it answers, under SES ids too', async () => {
    const caller = callerOf();
    const inbox = await newInbox(caller);
    const message = await send(caller, inbox);
    await sut.bus.publish(RecipientSentV1, { ...caller, data: sentFact(message, 'wire-1') });
    await waitFor(async () => (await read(caller, message.id)).delivery_status === 'sent', 'sent');
    const byWireId = await receive(caller, inbox, mailFor(inbox, { inReplyTo: ['<wire-1@email.amazonses.com>'] }));
    expect(byWireId.thread_id).toBe(message.thread_id);
    const byOwnId = await receive(
      caller,
      inbox,
      mailFor(inbox, { inReplyTo: ['<unknown@x>'], references: ['<a@b>', message.own_message_id ?? ''] }),
    );
    expect(byOwnId.thread_id).toBe(message.thread_id);
    const next = await receive(caller, inbox, mailFor(inbox, { inReplyTo: [byOwnId.message_id_header ?? ''] }));
    expect(next.thread_id).toBe(message.thread_id);
    const stranger = await receive(caller, inbox, mailFor(inbox));
    expect(stranger.thread_id).not.toBe(message.thread_id);
    expect(await sut.ask(GetThread, caller, { id: message.thread_id })).toMatchObject({
      message_count: 4,
      last_message_id: next.id,
    });
  });

  it('shows a withheld message without content, and announces it so', async () => {
    const caller = callerOf();
    const inbox = await newInbox(caller);
    const message = await receive(caller, inbox, mailFor(inbox), 'withheld');
    expect(message).toMatchObject({ subject: null, text: null, html: null, security_status: 'withheld' });
    const seen = await sut.ask(GetMessage, caller, { id: message.id, readWithheld: true });
    expect(seen).toMatchObject({ subject: 'Re: Hello', text: 'Thanks' });
    const fact = await waitFor(
      async () => (await sut.bus.factsOf(MessageReceivedV1)).find(({ data }) => data.message.id === message.id),
      'the fact',
    );
    expect(fact.data).toMatchObject({ announce: 'message.withheld', body: null, message: { subject: null } });
  });

  it('makes one message of a mail that is told twice', async () => {
    const caller = callerOf();
    const inbox = await newInbox(caller);
    const mail = mailFor(inbox);
    const data = { received: mail, security: CLEAN, securityStatus: 'clean' as const };
    const id = await sut.bus.publish(ScanInboundCompletedV1, { ...caller, data });
    await sut.bus.publish(ScanInboundCompletedV1, { ...caller, id: id as never, data }, { again: true });
    await receive(caller, inbox, mailFor(inbox));
    const page = await sut.ask(ListMessages, caller, { inbox: inbox.id, query: { limit: 25 }, readWithheld: false });
    expect(page.data).toHaveLength(2);
  });
});
