import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BacktestPolicy,
  CreatePolicy,
  CreatePolicyBody,
  DeletePolicy,
  InboxChangedV1,
  ListPolicies,
  MessageAcceptedV1,
  MessageEdit,
  MessageRevisedV1,
  MessageSummary,
  newId,
  PolicyChangedV1,
  PreviewOutbound,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  ScanRevisionRequestedV1,
  UpdatePolicy,
  type CommandContext,
  type EventDefinition,
  type Fact,
  type InboxId,
  type Policy,
} from '@postern/contracts';
import { load } from '@postern/eventing';
import {
  callerOf,
  fullRun,
  inboxOf,
  startInfra,
  startService,
  waitFor,
  type Infra,
  type ServiceUnderTest,
} from '@postern/testing';
import { scanServiceFromSources } from './extractor-from-sources.js';
import { migrations } from '../src/store/migrations/index.js';
import { acceptedFact, mimeOf, storeAt, type Sent } from './scan-stack.js';

const CARD = '4111 1111 1111 1111';
const OUTCOMES = [ScanOutboundPassedV1, ScanOutboundHeldV1, ScanOutboundRejectedV1, ScanRevisionRequestedV1];
const MESSAGES = fullRun() ? 1000 : 60;
const LIMIT = MESSAGES / 6;

let infra: Infra;
let replicas: ServiceUnderTest[];
let sut: ServiceUnderTest;

beforeAll(async () => {
  infra = await startInfra();
  const start = () => startService({ infra, service: scanServiceFromSources, schema: 'security_scan', migrations });
  replicas = [await start(), await start()];
  sut = replicas[0] as ServiceUnderTest;
});

afterAll(async () => {
  for (const replica of replicas) await replica.stop();
  await infra.stop();
});

const policy = (caller: CommandContext, body: object): Promise<Policy> =>
  sut.ask(CreatePolicy, caller, CreatePolicyBody.parse({ action: 'block', ...body }));

async function accepted(caller: CommandContext, inboxId: InboxId, sent: Sent = {}) {
  const fact = await acceptedFact(caller, infra.contentStoreUrl, sent);
  fact.data.message.inbox_id = inboxId;
  return fact;
}

async function outcomeOf(id: string): Promise<Fact<EventDefinition>> {
  return waitFor(async () => {
    const facts = await Promise.all(OUTCOMES.map((event) => sut.bus.factsOf(event)));
    return facts.flat().find(({ causationId }) => causationId === id) as Fact<EventDefinition> | undefined;
  }, `what becomes of ${id}`);
}

async function send(caller: CommandContext, inboxId: InboxId, sent: Sent = {}) {
  const fact = await accepted(caller, inboxId, sent);
  await sut.bus.publish(MessageAcceptedV1, fact);
  const outcome = await outcomeOf(fact.id ?? '');
  return { fact, type: outcome.type, data: outcome.data as Record<string, unknown> };
}

const passedTo = async (inboxes: readonly InboxId[]): Promise<number> =>
  (await sut.bus.factsOf(ScanOutboundPassedV1)).filter(({ data }) => inboxes.includes(data.inboxId)).length;

describe('a rate limit', () => {
  it.each(['an inbox', 'an organization'])(
    'of %s is exact over two replicas, whatever comes twice',
    async (whose) => {
      const caller = callerOf();
      const inboxes = whose === 'an inbox' ? [newId('inb')] : [newId('inb'), newId('inb')];
      const [inbox_id] = whose === 'an inbox' ? inboxes : [null];
      await policy(caller, { type: 'rate_limit', inbox_id, config: { max_per_hour: LIMIT, max_per_day: LIMIT * 2 } });
      const facts = await Promise.all(
        Array.from({ length: MESSAGES }, (_, n) => accepted(caller, inboxes[n % inboxes.length] as InboxId)),
      );
      await Promise.all(
        facts.flatMap((fact) => [
          sut.bus.publish(MessageAcceptedV1, fact),
          sut.bus.publish(MessageAcceptedV1, fact, { again: true }),
        ]),
      );
      const rejected = () => sut.bus.factsOf(ScanOutboundRejectedV1);
      await waitFor(
        async () => {
          const over = (await rejected()).filter(({ data }) => inboxes.some((id) => id === data.inboxId)).length;
          return over + (await passedTo(inboxes)) >= MESSAGES;
        },
        'all to be decided',
        120_000,
      );
      expect(await passedTo(inboxes)).toBe(LIMIT);
      const over = (await rejected()).find(({ data }) => inboxes.some((id) => id === data.inboxId));
      expect(over?.data.reason).toMatch(/^Blocked by a policy: \d+ messages were sent within an hour\.$/);
    },
    180_000,
  );

  it('counts no previews, none that it speaks against, and others only in their own scope', async () => {
    const caller = callerOf();
    const [limited, free] = [newId('inb'), newId('inb')];
    const limit = await policy(caller, { type: 'rate_limit', inbox_id: limited, config: { max_per_day: 1 } });
    const preview = async () => {
      const { data } = await accepted(caller, limited);
      return sut.ask(PreviewOutbound, caller, {
        message: MessageSummary.parse(data.message),
        mime: mimeOf({}).toString('base64'),
        securityLevel: 'guarded_send',
        onFlagged: 'hold',
        answers: null,
      });
    };
    expect([(await preview()).policyHits, (await preview()).policyHits]).toEqual([[], []]);
    await send(caller, free);
    expect((await send(caller, limited)).type).toBe(ScanOutboundPassedV1.type);
    expect((await send(caller, limited)).type).toBe(ScanOutboundRejectedV1.type);
    expect(await preview()).toMatchObject({ outcome: 'rejected', policyHits: [{ policy_id: limit.id }] });
    await sut.ask(UpdatePolicy, caller, { id: limit.id, body: { config: { max_per_day: 2 } } });
    expect((await send(caller, limited)).type).toBe(ScanOutboundPassedV1.type);
    expect((await send(caller, limited)).type).toBe(ScanOutboundRejectedV1.type);
  });
});

describe('a policy', () => {
  it('stands as soon as it is made, changed or removed; the verdict names it and its version', async () => {
    const caller = callerOf();
    const inboxId = newId('inb');
    const made = await policy(caller, { type: 'domain_blocklist', config: { domains: ['example.com'] } });
    const blocked = await send(caller, inboxId);
    expect([blocked.type, blocked.data['security']]).toEqual([
      ScanOutboundRejectedV1.type,
      expect.objectContaining({ triggered_policy: made.id }),
    ]);
    const { id } = made;
    for (const [body, expected] of [
      [{ action: 'hold' }, ScanOutboundHeldV1.type],
      [{ action: 'tag' }, ScanOutboundPassedV1.type],
      [{ enabled: false }, ScanOutboundPassedV1.type],
      [{ enabled: true, action: 'block', inbox_id: newId('inb') }, ScanOutboundPassedV1.type],
      [{ inbox_id: inboxId }, ScanOutboundRejectedV1.type],
    ] as const) {
      await sut.ask(UpdatePolicy, caller, { id, body });
      expect([body, (await send(caller, inboxId)).type]).toEqual([body, expected]);
    }
    const last = await send(caller, inboxId);
    const [verdict] = await sut.database.query<{ policies: unknown }>(
      'SELECT policies FROM verdicts WHERE organization_id = $1 AND message_id = $2',
      [caller.organizationId, last.fact.data.dispatch.messageId],
    );
    expect(verdict?.policies).toEqual([{ id, version: 6 }]);
    await sut.ask(DeletePolicy, caller, { id });
    expect((await send(caller, inboxId)).type).toBe(ScanOutboundPassedV1.type);
  });

  it('is of its tenant alone, goes with its inbox, and every change is told', async () => {
    const caller = callerOf();
    const inboxId = newId('inb');
    const made = await policy(caller, { type: 'reply_only', config: {}, inbox_id: inboxId });
    for (const stranger of [
      callerOf(),
      callerOf({ ...caller, mode: 'test' }),
      callerOf({ ...caller, inboxIds: [newId('inb')] }),
    ]) {
      expect((await sut.ask(ListPolicies, stranger, { limit: 10 })).data).toEqual([]);
      await expect(sut.ask(DeletePolicy, stranger, { id: made.id })).rejects.toMatchObject({ code: 'not_found' });
    }
    await sut.bus.publish(InboxChangedV1, {
      organizationId: caller.organizationId,
      mode: caller.mode,
      data: { change: 'deleted', inbox: inboxOf({ id: inboxId }), version: 2 },
    });
    const told = await waitFor(async () => {
      const facts = (await sut.bus.factsOf(PolicyChangedV1)).filter(({ data }) => data.policyId === made.id);
      return facts.length === 2 && facts;
    }, 'both changes');
    expect(told.map(({ data }) => [data.change, data.actor])).toEqual([
      ['created', caller.keyId],
      ['deleted', null],
    ]);
    expect((await sut.ask(ListPolicies, caller, { limit: 10 })).data).toEqual([]);
  });

  it('is refused with what to do: patterns that RE2 has not, a configuration of another type, one too many', async () => {
    const caller = callerOf();
    await expect(
      policy(caller, { type: 'keyword_filter', config: { patterns: ['ok', '(a)\\1', '(?=x)'] } }),
    ).rejects.toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: 'config.patterns[1]' }, { path: 'config.patterns[2]' }] },
    });
    const { id } = await policy(caller, { type: 'output_scan', config: { threshold: 50 } });
    await expect(
      sut.ask(UpdatePolicy, caller, { id, body: { config: { domains: ['a.example'], threshold: 101 } } }),
    ).rejects.toMatchObject({
      code: 'validation_error',
      details: { issues: [{ path: 'config.threshold' }, { path: 'config.domains' }] },
    });
    const another = () => policy(caller, { type: 'reply_only', config: {} });
    const made = (await Promise.allSettled(Array.from({ length: 60 }, another))).filter(
      ({ status }) => status === 'fulfilled',
    );
    expect(made.length).toBeLessThanOrEqual(49);
    // A busy machine may have had no time for some.
    for (let n = made.length; n < 49; n += 1) await another();
    await expect(another()).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

describe('redaction', () => {
  const config = { redact_credit_cards: true };

  it('asks for a version without personal data, judges that one, and takes nothing more out of it', async () => {
    const caller = callerOf();
    const inboxId = newId('inb');
    const { id } = await policy(caller, { type: 'pii_redaction', config });
    const text = `Pay with ${CARD}, please.`;
    const first = await send(caller, inboxId, { text, html: `<p>Pay with <b>${CARD}</b></p>` });
    expect(first.type).toBe(ScanRevisionRequestedV1.type);
    const asked = ScanRevisionRequestedV1.data.parse(first.data);
    const json = await load(storeAt(infra.contentStoreUrl), caller.organizationId, asked.edit);
    const edit = MessageEdit.parse(JSON.parse(json.toString('utf8')));
    expect(edit).toEqual({
      text: expect.stringContaining('Pay with [card number removed], please.'),
      html: expect.stringContaining('<p>Pay with <b>[card number removed]</b></p>'),
    });
    const second = await accepted(caller, inboxId, { text: String(edit.text), html: String(edit.html) });
    const revised = {
      ...second,
      data: {
        ...second.data,
        dispatch: { ...second.data.dispatch, messageId: asked.messageId, version: 2 },
        cause: 'redaction' as const,
        approvalId: null,
      },
    };
    await sut.bus.publish(MessageRevisedV1, revised);
    const passed = await outcomeOf(second.id ?? '');
    expect([passed.type, passed.data]).toEqual([
      ScanOutboundPassedV1.type,
      expect.objectContaining({
        securityStatus: 'flagged',
        security: expect.objectContaining({ triggered_policy: id }),
      }),
    ]);
  });

  it('of an attachment cannot be: the message waits for a person', async () => {
    const caller = callerOf();
    await policy(caller, { type: 'pii_redaction', config, action: 'tag' });
    const attachment = { filename: 'a.txt', contentType: 'text/plain', content: Buffer.from(`Card: ${CARD}`) };
    expect((await send(caller, newId('inb'), { attachment })).type).toBe(ScanOutboundHeldV1.type);
  });
});

it('a policy is tried on what was sent, and nothing comes of it', async () => {
  const caller = callerOf();
  const inboxId = newId('inb');
  const since = new Date(Date.now() - 60_000).toISOString();
  const sent = [await send(caller, inboxId), await send(caller, inboxId), await send(caller, newId('inb'))];
  const [first, second, elsewhere] = sent.map(({ fact }) => fact.data.dispatch.messageId);
  const test = (body: object) =>
    sut.ask(BacktestPolicy, caller, { since, policy: CreatePolicyBody.parse({ action: 'hold', ...body }) });
  const blocklist = { type: 'domain_blocklist', config: { domains: ['example.com'] } };
  expect(await test(blocklist)).toMatchObject({
    evaluated: 3,
    complete: true,
    matches: [elsewhere, second, first].map((message_id) => ({ message_id, action: 'hold' })),
  });
  expect(await test({ ...blocklist, inbox_id: inboxId })).toMatchObject({ evaluated: 2 });
  const limited = await test({ type: 'rate_limit', config: { max_per_hour: 2 } });
  expect(limited.matches.map(({ message_id }) => message_id)).toEqual([elsewhere]);
  const others = await sut.ask(BacktestPolicy, callerOf(), {
    since,
    policy: CreatePolicyBody.parse({ action: 'tag', ...blocklist }),
  });
  expect(others).toEqual({ evaluated: 0, complete: true, matches: [] });
  expect((await send(caller, inboxId)).type).toBe(ScanOutboundPassedV1.type);
});
