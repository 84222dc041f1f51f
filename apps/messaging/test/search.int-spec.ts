import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  type AttachmentText,
  type CommandContext,
  type Inbox,
  type ListedMessage,
  ListMessages,
  type ListMessagesQuery,
  type Message,
  MessageAcceptedV1,
  newId,
  ScanInboundCompletedV1,
  ScanOutboundPassedV1,
  UpdateMessage,
} from '@postern/contracts';
import { callerOf, waitFor, type ServiceUnderTest } from '@postern/testing';
import { queueEverything } from '../src/search/queue-everything.js';
import { SearchIndexStore } from '../src/store/search-index.store.js';
import { CLEAN, Harness } from './harness.js';

const SHA = 'b'.repeat(64);

let harness: Harness;
let sut: ServiceUnderTest;
let caller: CommandContext;
let inbox: Inbox;

beforeAll(async () => {
  harness = await Harness.start();
  sut = harness.sut;
});
afterAll(() => harness.stop());
beforeEach(async () => {
  caller = callerOf();
  inbox = await harness.newInbox(caller);
});

const search = async (
  query: Partial<ListMessagesQuery>,
  given: { caller?: CommandContext; readWithheld?: boolean } = {},
): Promise<ListedMessage[]> => {
  const { data } = await sut.ask(ListMessages, given.caller ?? caller, {
    inbox: null,
    query: { limit: 25, ...query },
    readWithheld: given.readWithheld ?? true,
  });
  return data;
};
const found = async (q: string): Promise<string[]> => (await search({ q })).map(({ subject }) => subject ?? '');
const send = (subject: string, text: string): Promise<Message> => harness.send(caller, inbox, { subject, text });

const carried = (value: unknown) => {
  const bytes = Buffer.from(JSON.stringify(value));
  return { sha256: SHA, sizeBytes: bytes.byteLength, inline: bytes.toString('base64') };
};
const textOf = (text: string): AttachmentText[] => [{ sha256: SHA, text, truncated: false }];

/** A mail comes in, with what the guard says of it. */
async function receive(
  mail: { subject: string; text: string; from?: { address: string; name: string | null }; filename?: string },
  verdict: { securityStatus?: 'clean' | 'withheld'; attachmentText?: AttachmentText[] } = {},
): Promise<void> {
  const content = { sha256: SHA, sizeBytes: 1 };
  const parsed = {
    messageIdHeader: null,
    inReplyTo: [],
    references: [],
    from: mail.from ?? { address: 'ann@example.com', name: 'Ann' },
    to: [{ address: inbox.address, name: null }],
    cc: [],
    replyTo: [],
    subject: mail.subject,
    text: mail.text,
    html: null,
    date: null,
    attachments:
      mail.filename === undefined
        ? []
        : [
            {
              filename: mail.filename,
              contentType: 'application/pdf',
              disposition: 'attachment',
              contentId: null,
              content,
            },
          ],
    authentication: null,
    parseError: null,
  };
  await sut.bus.publish(ScanInboundCompletedV1, {
    ...caller,
    data: {
      received: {
        mailId: newId('mail'),
        inboxId: inbox.id,
        recipient: inbox.address,
        mailFrom: 'ann@example.com',
        via: 'smtp',
        receivedAt: new Date().toISOString(),
        raw: carried('raw'),
        parsed: carried(parsed),
      },
      security: CLEAN,
      securityStatus: verdict.securityStatus ?? 'clean',
      ...(verdict.attachmentText === undefined ? {} : { attachmentText: carried(verdict.attachmentText) }),
    },
  });
  await waitFor(async () => (await search({ direction: 'inbound' })).length > 0, 'the mail to be there');
}

describe('a search', () => {
  it('finds what was accepted a moment ago', async () => {
    for (let round = 0; round < 10; round += 1) {
      await send(`Round ${round}`, `marker${round}`);
      expect(await found(`marker${round}`)).toEqual([`Round ${round}`]);
    }
  });

  it('knows words in any form and any case, phrases word by word, and what must not be there', async () => {
    await send('one', 'The invoices were paid late.');
    await send('two', 'Paid invoice, thanks to the late shift.');
    await send('three', 'An unrelated note.');
    expect(await found('INVOICE paid')).toEqual(['two', 'one']);
    expect(await found('"paid late"')).toEqual(['one']);
    expect(await found('"late paid"')).toEqual([]);
    expect(await found('invoice -shift')).toEqual(['one']);
    expect(await found('-invoice')).toEqual(['three']);
    expect(await found('paid -"thanks to"')).toEqual(['one']);
    expect(await found('the')).toEqual(['two', 'one']);
  });

  it('knows sender, names of attachments and the text inside them, of mail in both directions', async () => {
    await receive(
      {
        subject: 'in',
        text: 'See below.',
        from: { address: 'zoe.q@lawyers.example', name: 'Zoë Quill' },
        filename: 'Lease_Contract-2024.pdf',
      },
      { attachmentText: textOf('The tenant shall water the rhododendron.') },
    );
    for (const q of [
      'quill',
      'zoë',
      'ZOË',
      'lawyers',
      'zoe.q@lawyers.example',
      'lease',
      'contract 2024',
      'rhododendrons',
      '"tenant shall"',
    ])
      expect([q, await found(q)]).toEqual([q, ['in']]);

    const message = await harness.send(caller, inbox, { subject: 'out', text: 'See below, too.' });
    expect(await found('gladiolus')).toEqual([]);
    const accepted = await waitFor(
      async () => (await sut.bus.factsOf(MessageAcceptedV1)).find(({ data }) => data.message.id === message.id),
      'the fact',
    );
    await sut.bus.publish(ScanOutboundPassedV1, {
      ...caller,
      data: {
        inboxId: inbox.id,
        dispatch: accepted.data.dispatch,
        security: CLEAN,
        securityStatus: 'clean',
        attachmentText: carried(textOf('A gladiolus grows here.')),
      },
    });
    await waitFor(async () => (await found('gladiolus')).length === 1, 'the text of the attachment to be searched');
  });

  it('puts hits in subject, sender and names of attachments first, and of equal hits the newer', async () => {
    await send('About llamas', 'x');
    await send('first', 'a llama');
    await send('Llama news', 'x');
    await send('second', 'two llamas');
    const subjects = ['Llama news', 'About llamas', 'second', 'first'];
    expect(await found('llama')).toEqual(subjects);
    const paged: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await sut.ask(ListMessages, caller, {
        inbox: inbox.id,
        query: { limit: 1, q: 'llama', ...(cursor == null ? {} : { cursor }) },
        readWithheld: true,
      });
      paged.push(...page.data.map(({ subject }) => subject ?? ''));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(paged).toEqual(subjects);
  });

  it('shows where it found something, as safe HTML', async () => {
    await send('<script>alert("llama")</script> & more', `${'x '.repeat(40_000)} at last a llama <img src=x> appears`);
    const [hit] = await search({ q: 'llamas' });
    expect(hit?.highlights?.subject).toEqual([expect.stringContaining('<mark>llama</mark>')]);
    expect(hit?.highlights?.subject?.[0]).not.toContain('<script>');
    expect(hit?.highlights?.subject?.[0]).toContain('&amp; more');
    expect(hit?.highlights?.text).toEqual([expect.stringContaining('at last a <mark>llama</mark>')]);
    expect(hit?.highlights?.text?.[0]).not.toContain('<img');
    expect(hit?.highlights).not.toHaveProperty('from');
    await send('said', 'He said “llamas” – and left');
    expect(await found('"said llamas and left"')).toEqual(['said']);
    expect((await search({ q: '-nothing' }))[0]?.highlights).toEqual({});
    expect((await search({}))[0]).not.toHaveProperty('highlights');
  });

  it('marks hits in senders, names and texts of attachments', async () => {
    await receive(
      { subject: 'in', text: '', from: { address: 'quill@example.com', name: null }, filename: 'quill_2.pdf' },
      { attachmentText: textOf(`${'page '.repeat(5_000)} signed by quill`) },
    );
    const [hit] = await search({ q: 'quill' });
    expect(hit?.highlights).toEqual({
      from: ['<mark>quill</mark>@example.com'],
      attachments: ['<mark>quill</mark>_2.pdf'],
      attachment_text: [expect.stringContaining('signed by <mark>quill</mark>')],
    });
  });

  it('finds words of scripts without spaces', async () => {
    await send('请付发票款项', 'x');
    await send('天気', '明日は東京で会いましょう');
    expect(await found('发票')).toEqual(['请付发票款项']);
    expect(await found('票发')).toEqual([]);
    expect(await found('東京で')).toEqual(['天気']);
    expect((await search({ q: '发票' }))[0]?.highlights?.subject).toEqual(['请付<mark>发票</mark>款项']);
    expect((await search({ subject: '发票' })).map(({ subject }) => subject)).toEqual(['请付发票款项']);
    expect((await search({ subject: 'I' })).length).toBe(0);
  });

  it('keeps tenants, modes and inboxes apart', async () => {
    await send('mine', 'pelican');
    const stranger = callerOf();
    await harness.newInbox(stranger);
    expect(await search({ q: 'pelican' }, { caller: stranger })).toEqual([]);
    expect(await search({ q: 'pelican' }, { caller: { ...caller, mode: 'test' } })).toEqual([]);
    const second = await harness.newInbox(caller);
    for (const query of [{ q: 'pelican' }, { subject: 'mine' }, { from: inbox.address }, { to: 'ann@example.com' }]) {
      expect(await search(query, { caller: { ...caller, inboxIds: [second.id] } })).toEqual([]);
      expect(await search(query, { caller: { ...caller, inboxIds: [inbox.id] } })).toHaveLength(1);
      expect(await search(query, { caller: { ...caller, inboxIds: [second.id, inbox.id] } })).toHaveLength(1);
    }
  });

  it('tells nothing of withheld mail to those who may not read it', async () => {
    await receive({ subject: 'The secret plan', text: 'attack at dawn' }, { securityStatus: 'withheld' });
    for (const query of [{ q: 'secret' }, { q: 'dawn' }, { q: '-nothing' }, { q: 'ann' }, { subject: 'secret' }]) {
      expect(await search(query, { readWithheld: false })).toEqual([]);
      expect(await search(query)).toHaveLength(1);
    }
    const [shown] = await search({ from: 'ann@example.com' }, { readWithheld: false });
    expect(shown).toMatchObject({ subject: null, text: null });
  });

  it('follows labels', async () => {
    const message = await send('labelled', 'x');
    const change = (body: object) => sut.ask(UpdateMessage, caller, { id: message.id, body, readWithheld: true });
    expect(await search({ label: 'urgent' })).toEqual([]);
    await change({ add_labels: ['urgent', 'new'] });
    expect(await search({ label: 'urgent' })).toHaveLength(1);
    await change({ remove_labels: ['urgent'] });
    expect(await search({ label: 'urgent' })).toEqual([]);
    expect(await search({ label: 'new', q: 'labelled' })).toHaveLength(1);
  });

  it('forgets a message with the message', async () => {
    const message = await send('gone soon', 'x');
    expect(await found('gone')).toHaveLength(1);
    await sut.database.query(`DELETE FROM messages WHERE id = $1`, [message.id]);
    expect(await found('gone')).toEqual([]);
    expect(await sut.database.query(`SELECT 1 FROM message_search WHERE message_id = $1`, [message.id])).toEqual([]);
  });

  it('indexes a message that was accepted and never searched for, and everything anew when asked to', async () => {
    await send('quiet', 'kingfisher');
    const waiting = () => sut.database.query('SELECT 1 FROM search_queue');
    await waitFor(async () => (await waiting()).length === 0, 'the background to index it');
    await sut.database.query(`UPDATE message_search SET keys = '{}', document = '', title = ''`);
    expect(await found('kingfisher')).toEqual([]);
    expect(await queueEverything(sut.database, () => undefined)).toBeGreaterThan(0);
    expect(await found('kingfisher')).toEqual(['quiet']);
  });

  it('counts every message once while many are accepted, searched for and relabelled at the same time', async () => {
    const inboxes = await Promise.all([harness.newInbox(caller), harness.newInbox(caller)]);
    const rounds = Array.from({ length: 30 }, (_, round) => round);
    const play = async (round: number): Promise<void> => {
      const into = inboxes[round % 2] as Inbox;
      const message = await harness.send(caller, into, { subject: `busy ${round}`, text: `flock unique${round}` });
      const body = { add_labels: [`round-${round}`] };
      const [own] = await Promise.all([
        search({ q: `unique${round}` }),
        sut.ask(UpdateMessage, caller, { id: message.id, body, readWithheld: true }),
        search({ q: 'flock' }),
      ]);
      expect(own.map(({ id }) => id)).toEqual([message.id]);
      expect(await search({ label: `round-${round}` })).toHaveLength(1);
    };
    // As many at a time as a busy machine answers within the time of a command.
    const players = Array.from({ length: 6 }, async (_, player) => {
      for (const round of rounds.filter((one) => one % 6 === player)) await play(round);
    });
    await Promise.all(players);
    expect(await search({ q: 'flock', limit: 100 })).toHaveLength(rounds.length);
    const counted = await sut.database.query<{ tenant: number; inbox: number; rows: number }>(
      `SELECT count(DISTINCT tenant_ordinal)::int AS tenant, count(DISTINCT (inbox_id, inbox_ordinal))::int AS inbox,
              count(*)::int AS rows FROM message_search WHERE organization_id = $1`,
      [caller.organizationId],
    );
    expect(counted).toEqual([{ tenant: rounds.length, inbox: rounds.length, rows: rounds.length }]);
  });

  it('leaves out a message that cannot be indexed, and no other', async () => {
    const index = sut.app.get(SearchIndexStore);
    const write = index.write.bind(index);
    jest.spyOn(index, 'write').mockImplementation(async (tx, rows, language) => {
      if (rows.some(({ subject }) => subject === 'poison')) throw new RangeError('made to fail');
      return write(tx, rows, language);
    });
    await Promise.all(['heron', 'poison', 'egret'].map((subject) => send(subject, 'bird')));
    expect((await found('bird')).toSorted()).toEqual(['egret', 'heron']);
    jest.restoreAllMocks();
  });

  it.each([
    ['quotes', '"a "b" c'],
    ['operators', `a & b | !c <-> d:* (e) 'f' \\`],
    ['a statement', `'); DROP TABLE messages; --`],
    ['many words', 'word '.repeat(32)],
    ['one long word', 'w'.repeat(500)],
    ['minus signs', '-- -a --"b c"'],
    ['marks of highlights', '\ue000 x \ue001'],
  ])('bears %s', async (_name, q) => {
    await send('plain', 'nothing of it');
    await expect(search({ q })).resolves.toEqual(expect.any(Array));
  });

  it.each(['"', '- !', '***', 'word '.repeat(33)])('refuses %j', async (q) => {
    await expect(search({ q })).rejects.toMatchObject({ code: 'validation_error', httpStatus: 422 });
  });

  it('bears a text of a hundred thousand different words, and finds the first of them', async () => {
    const words = Array.from({ length: 100_000 }, (_, index) => `w${index.toString(36)}q${(index * 7919) % 99_991}`);
    await send('huge', `opening ${words.join(' ')}`);
    expect(await found('opening')).toEqual(['huge']);
    expect(await found(words[100] ?? '')).toEqual(['huge']);
  });

  it('refuses cursors of other lists', async () => {
    const cursor = Buffer.from(newId('msg')).toString('base64url');
    await expect(search({ q: 'x', cursor })).rejects.toMatchObject({ code: 'validation_error' });
    const ranked = Buffer.from(`1.${newId('msg')}`).toString('base64url');
    await expect(search({ q: 'x', cursor: ranked })).rejects.toMatchObject({ code: 'validation_error' });
    await expect(search({ cursor: ranked })).rejects.toMatchObject({ code: 'validation_error' });
  });
});
