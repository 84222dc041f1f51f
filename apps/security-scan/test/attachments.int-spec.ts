import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AttachmentTexts,
  MailReceivedV1,
  MessageAcceptedV1,
  MessageId,
  newId,
  sameIdAs,
  ScanInboundCompletedV1,
  ScanOutboundHeldV1,
  ScanOutboundPassedV1,
  ScanOutboundRejectedV1,
  type CommandContext,
  type Content,
  type EventDefinition,
  type Fact,
  type InboundMail,
} from '@postern/contracts';
import { carry, keep, load, sha256 } from '@postern/eventing';
import { callerOf, startInfra, startService, waitFor, type Infra, type ServiceUnderTest } from '@postern/testing';
import { ExtractorPool } from '../src/extract/extractor-pool.js';
import { ExtractedTextStore } from '../src/store/extracted-text.store.js';
import { migrations } from '../src/store/migrations/index.js';
import { wordFile, wordOf } from './documents/office-files.js';
import { encryptedPdf, pdfOf } from './documents/pdf-file.js';
import { scanServiceFromSources } from './extractor-from-sources.js';
import { acceptedFact, storeAt, type Sent } from './scan-stack.js';

const LEAK = `the key is AKIA${'IB3ZQ7RTWYNL4K2M'}`;
const MB = 1024 * 1024;

let infra: Infra;
let sut: ServiceUnderTest;

beforeAll(async () => {
  infra = await startInfra();
  sut = await startService({ infra, service: scanServiceFromSources, schema: 'security_scan', migrations });
});

afterAll(async () => {
  await sut.stop();
  await infra.stop();
});

const pdf = (content: Buffer) => ({ filename: 'a.pdf', contentType: 'application/pdf', content });
const word = (content: Buffer) => ({ filename: 'a.docx', contentType: 'application/octet-stream', content });

async function send<E extends EventDefinition>(
  caller: CommandContext,
  sent: Sent,
  outcome: E,
): Promise<{ fact: Fact<E>; messageId: MessageId }> {
  const accepted = await acceptedFact(caller, infra.contentStoreUrl, sent);
  await sut.bus.publish(MessageAcceptedV1, accepted);
  const fact = await waitFor(
    async () => (await sut.bus.factsOf(outcome)).find(({ causationId }) => causationId === accepted.id),
    outcome.type,
  );
  return { fact, messageId: MessageId.parse(accepted.data.dispatch.messageId) };
}

async function receive(
  caller: CommandContext,
  attachments: { filename: string; contentType: string; content: Buffer }[],
): Promise<Fact<typeof ScanInboundCompletedV1>> {
  const store = storeAt(infra.contentStoreUrl);
  const mail: InboundMail = {
    messageIdHeader: '<1@example.com>',
    inReplyTo: [],
    references: [],
    from: { address: 'bob@example.com', name: null },
    to: [{ address: 'agent@postern.test', name: null }],
    cc: [],
    replyTo: [],
    subject: 'Hi',
    text: 'Hello',
    html: null,
    date: null,
    attachments: await Promise.all(
      attachments.map(async ({ content, ...about }) => ({
        ...about,
        disposition: 'attachment' as const,
        contentId: null,
        content: await keep(store, caller.organizationId, content),
      })),
    ),
    authentication: null,
    parseError: null,
  };
  const id = newId('evt');
  await sut.bus.publish(MailReceivedV1, {
    organizationId: caller.organizationId,
    mode: caller.mode,
    id,
    data: {
      mailId: newId('mail'),
      inboxId: newId('inb'),
      recipient: 'agent@postern.test',
      mailFrom: 'bob@example.com',
      via: 'smtp',
      receivedAt: '2026-11-21T12:00:00.000Z',
      raw: await carry(store, caller.organizationId, Buffer.from('From: Bob <bob@example.com>\r\n\r\nHello')),
      parsed: await carry(store, caller.organizationId, Buffer.from(JSON.stringify(mail))),
    },
  });
  return waitFor(
    async () => (await sut.bus.factsOf(ScanInboundCompletedV1)).find(({ causationId }) => causationId === id),
    'the scan to be completed',
  );
}

async function textsOf(caller: CommandContext, content: Content | undefined): Promise<AttachmentTexts> {
  if (content === undefined) return [];
  const json = await load(storeAt(infra.contentStoreUrl), caller.organizationId, content);
  return AttachmentTexts.parse(JSON.parse(json.toString()));
}

const storedOf = (caller: CommandContext) =>
  sut.database.query<{ sha256: string; text: string | null; unreadable: string | null }>(
    'SELECT sha256, text, unreadable FROM extracted_texts WHERE organization_id = $1 ORDER BY text',
    [caller.organizationId],
  );

describe('attachments of outbound mail', () => {
  it('are told by what they say, under the hash of their octets', async () => {
    const caller = callerOf();
    const content = pdfOf('Terms of payment');
    const { fact } = await send(caller, { attachment: pdf(content) }, ScanOutboundPassedV1);
    expect(fact.data.attachmentText?.inline).toBeDefined();
    expect(await textsOf(caller, fact.data.attachmentText)).toEqual([
      { sha256: sha256(content), text: 'Terms of payment', truncated: false },
    ]);
  });

  it('that are long travel by reference', async () => {
    const caller = callerOf();
    const { fact } = await send(caller, { attachment: word(wordOf('word '.repeat(30_000))) }, ScanOutboundPassedV1);
    expect(fact.data.attachmentText?.inline).toBeUndefined();
    expect(await textsOf(caller, fact.data.attachmentText)).toMatchObject([
      { text: expect.stringMatching(/^(word ){19999}word ?$/), truncated: true },
    ]);
  });

  it('leak what they hold: the message is held, and tells its text all the same', async () => {
    const caller = callerOf();
    const { fact } = await send(caller, { attachment: word(wordOf(LEAK)) }, ScanOutboundHeldV1);
    expect(fact.data.security.detections[0]?.detail).toContain('in text of attachment 1');
    expect(await textsOf(caller, fact.data.attachmentText)).toMatchObject([{ text: LEAK }]);
    const rejected = await send(
      caller,
      { attachment: word(wordOf(LEAK)), onFlagged: 'reject' },
      ScanOutboundRejectedV1,
    );
    expect(await textsOf(caller, rejected.fact.data.attachmentText)).toMatchObject([{ text: LEAK }]);
  });

  it('that nobody can read are told, and are no reason to stop the message', async () => {
    const { fact } = await send(callerOf(), { attachment: pdf(encryptedPdf()) }, ScanOutboundPassedV1);
    expect(fact.data.security.detections).toMatchObject([
      { method: 'attachment_text', detail: 'The text of attachment 1 was not scanned: it is encrypted.' },
    ]);
    expect(fact.data.attachmentText).toBeUndefined();
  });

  it('that take too much are told and flagged, and hold nobody up', async () => {
    const caller = callerOf();
    const bomb = send(caller, { attachment: word(wordFile(' '.repeat(100 * MB))) }, ScanOutboundHeldV1);
    await send(caller, { text: 'A neighbour.' }, ScanOutboundPassedV1);
    expect((await bomb).fact.data.security.detections).toMatchObject([
      { method: 'attachment_text', detail: expect.stringMatching(/unpacks to more than is looked at|takes too long/) },
    ]);
  });

  it('cost nothing when there are none', async () => {
    const before = sut.app.get(ExtractorPool).pids;
    const { fact } = await send(callerOf(), { text: 'Plain.' }, ScanOutboundPassedV1);
    expect(fact.data.attachmentText).toBeUndefined();
    expect(sut.app.get(ExtractorPool).pids).toEqual(before);
  });
});

describe('attachments of inbound mail', () => {
  it('are told by what they say', async () => {
    const caller = callerOf();
    const { data } = await receive(caller, [
      pdf(pdfOf('Invoice 4711')),
      { filename: 'notes.csv', contentType: 'text/csv', content: Buffer.from('a,b\n1,2') },
      { filename: 'logo.png', contentType: 'image/png', content: Buffer.from([0x89, 0x50, 0x4e, 0x47]) },
    ]);
    expect((await textsOf(caller, data.attachmentText)).map(({ text }) => text)).toEqual(['Invoice 4711', 'a,b\n1,2']);
  });
});

describe('25 MB', () => {
  const kinds: [string, string, Buffer][] = [
    ['a.csv', 'text/csv', Buffer.alloc(25 * MB, 'a,b\n')],
    ['a.html', 'text/html', Buffer.alloc(25 * MB, '<p>a')],
    ['a.pdf', 'application/pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(25 * MB - 9, '[')])],
    ['a.docx', 'application/zip', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(25 * MB - 4)])],
    ['a.eml', 'message/rfc822', Buffer.alloc(25 * MB, 'a: b\n')],
  ];

  it.each(kinds)('%s as %s: the mail goes on, and says that not all was looked at', async (...given) => {
    const [filename, contentType, content] = given;
    const { data } = await receive(callerOf(), [{ filename, contentType, content }]);
    expect(data.security.detections.map(({ method }) => method)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^(truncated|attachment_text)$/)]),
    );
  });
});

describe('what was read', () => {
  it('is kept once for each content and tenant, and not read again', async () => {
    const [caller, stranger] = [callerOf(), callerOf()];
    const content = pdfOf('Read once');
    await send(caller, { attachment: pdf(content) }, ScanOutboundPassedV1);
    await sut.database.query(`UPDATE extracted_texts SET text = 'As it was kept' WHERE organization_id = $1`, [
      caller.organizationId,
    ]);
    const { data } = await receive(caller, [pdf(content)]);
    expect(await textsOf(caller, data.attachmentText)).toMatchObject([{ text: 'As it was kept' }]);
    const other = await send(stranger, { attachment: pdf(content) }, ScanOutboundPassedV1);
    expect(await textsOf(stranger, other.fact.data.attachmentText)).toMatchObject([{ text: 'Read once' }]);
    expect(await storedOf(caller)).toHaveLength(1);
  });

  it('is read again by a new reader', async () => {
    const caller = callerOf();
    const content = pdfOf('New words');
    await send(caller, { attachment: pdf(content) }, ScanOutboundPassedV1);
    await sut.database.query(
      `UPDATE extracted_texts SET text = 'Old words', reader_version = '0' WHERE organization_id = $1`,
      [caller.organizationId],
    );
    await send(caller, { attachment: pdf(content) }, ScanOutboundPassedV1);
    expect(await storedOf(caller)).toMatchObject([{ text: 'New words' }]);
  });

  it('is forgotten with the last message that has it', async () => {
    const caller = callerOf();
    const store = sut.app.get(ExtractedTextStore);
    const forget = (messageId: MessageId) =>
      sut.database.transaction((tx) => store.purge(tx, [{ ...caller, messageId }]));
    const [shared, own] = [pdfOf('Shared'), pdfOf('Own')];
    const first = await send(caller, { attachment: pdf(shared) }, ScanOutboundPassedV1);
    const second = await receive(caller, [pdf(shared), pdf(own), pdf(encryptedPdf())]);
    expect(await storedOf(caller)).toMatchObject([
      { text: 'Own' },
      { text: 'Shared' },
      { text: null, unreadable: 'encrypted' },
    ]);
    await sut.database.transaction((tx) => store.purge(tx, [{ ...callerOf(), messageId: first.messageId }]));
    await forget(sameIdAs('msg', second.data.received.mailId));
    expect(await storedOf(caller)).toMatchObject([{ text: 'Shared' }]);
    await forget(first.messageId);
    expect(await storedOf(caller)).toEqual([]);
  });

  it('survives a message that is deleted while another with the same attachment is stored', async () => {
    const caller = callerOf();
    const store = sut.app.get(ExtractedTextStore);
    const text = {
      organization_id: caller.organizationId,
      mode: caller.mode,
      sha256: sha256('x'),
      format: 'pdf' as const,
      extraction: { status: 'read' as const, text: 'Both', truncated: false },
    };
    let left = newId('msg');
    await sut.database.transaction((tx) => store.insert(tx, [{ ...text, message_id: left }]));
    for (let round = 0; round < 50; round += 1) {
      const [gone, next] = [left, newId('msg')];
      await Promise.all([
        sut.database.transaction((tx) => store.purge(tx, [{ ...caller, messageId: gone }])),
        sut.database.transaction((tx) => store.insert(tx, [{ ...text, message_id: next }])),
      ]);
      expect(await storedOf(caller)).toMatchObject([{ text: 'Both' }]);
      left = next;
    }
  });
});
