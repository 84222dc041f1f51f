import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type AnsweredMail,
  type CommandContext,
  CreateListEntry,
  DeleteListEntry,
  type InboxId,
  type ListEntry,
  MailReceivedV1,
  MessageAcceptedV1,
  newId,
  ScanInboundCompletedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
} from '@postern/contracts';
import { carry } from '@postern/eventing';
import { callerOf, type Infra, type ServiceUnderTest, startInfra, startService, waitFor } from '@postern/testing';
import { migrations } from '../src/store/migrations/index.js';
import { scanServiceFromSources } from './extractor-from-sources.js';
import { acceptedFact, type Sent, storeAt } from './scan-stack.js';

const ANN = 'ann@example.com';
const BOB = 'bob@other.example';

let infra: Infra;
let sut: ServiceUnderTest;
/** Takes half of the commands and facts: what one process is told, the other one obeys. */
let replica: ServiceUnderTest;

beforeAll(async () => {
  infra = await startInfra();
  const service = { infra, service: scanServiceFromSources, schema: 'security_scan', migrations };
  sut = await startService(service);
  replica = await startService(service);
});
afterAll(async () => {
  await replica.stop();
  await sut.stop();
  await infra.stop();
});

type Wanted = Pick<ListEntry, 'kind' | 'direction' | 'pattern'> & Partial<ListEntry>;

const enter = (caller: CommandContext, wanted: Wanted): Promise<ListEntry> =>
  sut.ask(CreateListEntry, caller, { inbox_id: null, require_aligned: false, reason: null, ...wanted });

describe('the guard', () => {
  interface Message extends Sent {
    to?: string[];
    inboxId?: InboxId;
    answers?: AnsweredMail | null;
  }

  async function scanned(caller: CommandContext, { to = [ANN, BOB], inboxId, answers = null, ...sent }: Message = {}) {
    const fact = await acceptedFact(caller, infra.contentStoreUrl, sent);
    const { data } = fact;
    if (inboxId !== undefined) data.message.inbox_id = inboxId;
    data.answers = answers;
    data.dispatch.envelope.recipients = to.map((address) => ({ address, role: 'to' as const }));
    await sut.bus.publish(MessageAcceptedV1, fact);
    await sut.bus.publish(MessageAcceptedV1, fact, { again: true });
    const facts = await waitFor(async () => {
      const all = await Promise.all(
        [ScanOutboundPassedV1, ScanOutboundHeldV1, ScanOutboundRejectedV1].map((event) => sut.bus.factsOf(event)),
      );
      const found = all.flat().filter(({ causationId }) => causationId === fact.id);
      return found.length > 0 ? found : null;
    }, 'the verdict');
    expect(facts).toHaveLength(1);
    const [{ type, data: told }] = facts as [(typeof facts)[0]];
    const refused = 'refused' in told ? told.refused : undefined;
    return { outcome: type.split('.')[2], refused, told, dispatch: data.dispatch };
  }

  it('leaves out whom a list blocks, and hands on the rest unchanged', async () => {
    const caller = callerOf();
    await enter(caller, { kind: 'block', direction: 'send', pattern: '*.example' });
    const seen = await scanned(caller);
    expect(seen).toMatchObject({ outcome: 'passed', refused: [{ address: BOB, reason: 'block_list' }] });
    expect(seen.told).toMatchObject({
      dispatch: seen.dispatch,
      security: { detections: [{ method: 'list', result: 'block_list' }] },
    });
    expect((await scanned(callerOf())).refused).toBeUndefined();
    expect((await scanned({ ...caller, mode: 'test' })).refused).toBeUndefined();
  });

  it('rejects what nobody is left of, also where a person would have to approve it', async () => {
    const caller = callerOf();
    await enter(caller, { kind: 'allow', direction: 'send', pattern: 'partner.example' });
    await enter(caller, { kind: 'block', direction: 'send', pattern: ANN });
    for (const securityLevel of ['guarded_send', 'full_lockdown'] as const) {
      const seen = await scanned(caller, { securityLevel });
      expect(seen.outcome).toBe('rejected');
      expect(seen.told).toMatchObject({ reason: 'block_list' });
      expect(seen.refused).toEqual([
        { address: ANN, reason: 'block_list' },
        { address: BOB, reason: 'not_allowed' },
      ]);
    }
    expect(await scanned(caller, { to: ['x@partner.example', ANN], securityLevel: 'full_lockdown' })).toMatchObject({
      outcome: 'held',
    });
  });

  it('asks the inbox before its organization, and reply entries for those who are answered', async () => {
    const caller = callerOf();
    const inboxId = newId('inb');
    await enter(caller, { kind: 'block', direction: 'send', pattern: 'example.com' });
    await enter(caller, { kind: 'block', direction: 'send', pattern: 'other.example' });
    await enter(caller, { kind: 'allow', direction: 'reply', pattern: 'other.example' });
    await enter(caller, { kind: 'block', direction: 'send', pattern: 'nobody.example', inbox_id: inboxId });
    const answers = { messageId: newId('msg'), addresses: [BOB] };
    expect((await scanned(caller, { answers })).refused).toEqual([{ address: ANN, reason: 'block_list' }]);
    await enter(caller, { kind: 'allow', direction: 'send', pattern: ANN, inbox_id: inboxId });
    expect((await scanned(caller, { inboxId })).refused).toEqual([{ address: BOB, reason: 'not_allowed' }]);
    expect((await scanned(caller, { inboxId, answers: { ...answers, addresses: [ANN] } })).refused).toEqual([
      { address: BOB, reason: 'not_allowed' },
    ]);
  });

  it('obeys an entry from the moment of its reply, and no longer after its deletion', async () => {
    const caller = callerOf();
    for (let round = 0; round < 10; round += 1) {
      const { id } = await enter(caller, { kind: 'block', direction: 'send', pattern: ANN });
      expect((await scanned(caller)).refused).toEqual([{ address: ANN, reason: 'block_list' }]);
      await sut.ask(DeleteListEntry, caller, { id });
      expect((await scanned(caller)).refused).toBeUndefined();
    }
  });
});

describe('received mail', () => {
  interface Mail {
    from?: string;
    mailFrom?: string;
    aligned?: boolean;
    inboxId?: InboxId;
  }

  async function received(
    caller: CommandContext,
    { from = ANN, mailFrom = ANN, aligned = false, ...given }: Mail = {},
  ) {
    const carried = (text: string) => carry(storeAt(infra.contentStoreUrl), caller.organizationId, Buffer.from(text));
    const parsed = {
      messageIdHeader: null,
      inReplyTo: [],
      references: [],
      from: { address: from, name: null },
      to: [],
      cc: [],
      replyTo: [],
      subject: 'Hi',
      text: 'Hello',
      html: null,
      date: null,
      attachments: [],
      authentication: { spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none', aligned },
      parseError: null,
    };
    const id = await sut.bus.publish(MailReceivedV1, {
      ...caller,
      data: {
        mailId: newId('mail'),
        inboxId: given.inboxId ?? newId('inb'),
        recipient: 'agent@postern.test',
        mailFrom,
        via: 'smtp',
        receivedAt: new Date().toISOString(),
        raw: await carried('From: somebody\r\n\r\nHello'),
        parsed: await carried(JSON.stringify(parsed)),
      },
    });
    const { data } = await waitFor(
      async () => (await sut.bus.factsOf(ScanInboundCompletedV1)).find(({ causationId }) => causationId === id),
      'the verdict',
    );
    const [first] = data.security.detections;
    return `${data.securityStatus} ${first?.method === 'list' ? first.result : '-'}`;
  }

  it('is withheld when a list blocks its sender, in the header or the envelope', async () => {
    const caller = callerOf();
    await enter(caller, { kind: 'block', direction: 'receive', pattern: 'other.example' });
    expect(await received(caller)).toBe('clean -');
    expect(await received(caller, { from: BOB })).toBe('withheld block_list');
    expect(await received(caller, { mailFrom: BOB })).toBe('withheld block_list');
    expect(await received(caller, { mailFrom: '' })).toBe('clean -');
    expect(await received(callerOf(), { from: BOB })).toBe('clean -');
  });

  it('is let in by the sender that readers see only, proven where the entry says so', async () => {
    const caller = callerOf();
    await enter(caller, { kind: 'allow', direction: 'receive', pattern: ANN, require_aligned: true });
    await enter(caller, { kind: 'allow', direction: 'receive', pattern: 'partner.example' });
    expect(await received(caller)).toBe('withheld not_allowed');
    expect(await received(caller, { aligned: true })).toBe('clean -');
    expect(await received(caller, { from: 'x@partner.example', mailFrom: 'bounce@mailer.example' })).toBe('clean -');
    expect(await received(caller, { from: BOB, mailFrom: 'x@partner.example' })).toBe('withheld not_allowed');
    expect(await received(caller, { from: '', mailFrom: '' })).toBe('withheld not_allowed');
  });

  it('of one inbox is asked for in the lists of that inbox first', async () => {
    const caller = callerOf();
    const inboxId = newId('inb');
    await enter(caller, { kind: 'block', direction: 'receive', pattern: ANN });
    await enter(caller, { kind: 'allow', direction: 'receive', pattern: '*.com', inbox_id: inboxId });
    expect(await received(caller, { inboxId })).toBe('clean -');
    expect(await received(caller, { inboxId, from: BOB })).toBe('withheld not_allowed');
    expect(await received(caller)).toBe('withheld block_list');
  });
});
