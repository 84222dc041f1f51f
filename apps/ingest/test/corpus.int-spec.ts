import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InboundMail, MailReceivedV1 } from '@postern/contracts';
import { CONTENT_STORE, load, type ContentStore } from '@postern/eventing';
import { waitFor } from '@postern/testing';
import { compare } from './corpus/compare.js';
import { asSent, corpusMails, hasCorpus, octetsOf, type CorpusField, type CorpusMail } from './corpus/mime-corpus.js';
import { startIngest, type Ingest } from './ingest.harness.js';
import { SmtpClient } from './smtp.client.js';

/** What differs is explained, mail by mail, in corpus/README.md. */
const EQUAL_MIN = 0.99;
const BARE = /(?<!\r)\n|\r(?!\n)/;

let ingest: Ingest;

beforeAll(async () => {
  if (hasCorpus) ingest = await startIngest();
});

afterAll(async () => {
  await ingest?.stop();
});

interface Sent {
  mail: CorpusMail;
  raw: Buffer;
  reply: string;
  ms: number;
}

async function sendAll(address: string): Promise<Sent[]> {
  const sent: Sent[] = [];
  const client = await SmtpClient.open(ingest.smtpPort);
  for (const mail of corpusMails()) {
    const raw = asSent(octetsOf(mail));
    await client.say('MAIL FROM:<ann@example.com>');
    await client.say(`RCPT TO:<${address}>`);
    expect(await client.say('DATA')).toMatch(/^354/);
    const begun = performance.now();
    const reply = await client.sayMessage(raw);
    sent.push({ mail, raw, reply: reply.trim(), ms: Math.round(performance.now() - begun) });
  }
  client.close();
  return sent;
}

/** What became of the mails, by the hash of their octets. */
async function receivedBy(inboxId: string, count: number): Promise<Map<string, InboundMail>> {
  const facts = await waitFor(async () => {
    const all = (await ingest.sut.bus.factsOf(MailReceivedV1)).filter(({ data }) => data.inboxId === inboxId);
    return all.length >= count ? all : null;
  }, 'the facts of all mails');
  const content = ingest.sut.app.get<ContentStore>(CONTENT_STORE);
  const mails = new Map<string, InboundMail>();
  for (const { organizationId, data } of facts) {
    const parsed = await load(content, organizationId, data.parsed);
    mails.set(data.raw.sha256, InboundMail.parse(JSON.parse(parsed.toString())));
  }
  return mails;
}

const hashOf = (raw: Buffer): string => createHash('sha256').update(raw).digest('hex');

(hasCorpus ? describe : describe.skip)('the corpus through SMTP', () => {
  test('every mail is taken or refused for a reason, and read as both oracles read it', async () => {
    const inbox = await ingest.newInbox();
    const sent = await sendAll(inbox.address);
    const taken = sent.filter(({ reply }) => reply.startsWith('250 2.0.0'));
    const refused = sent.filter(({ reply }) => !reply.startsWith('250 2.0.0'));
    const mails = await receivedBy(inbox.inboxId, new Set(taken.map(({ raw }) => hashOf(raw))).size);

    const table = new Map<CorpusField, { compared: number; equal: number; different: string[] }>();
    for (const { mail, raw } of taken) {
      const ours = mails.get(hashOf(raw));
      if (ours === undefined) throw new Error(`${mail.file} was taken and never told`);
      for (const [field, equal] of compare(mail, ours)) {
        const row = table.get(field) ?? { compared: 0, equal: 0, different: [] };
        table.set(field, row);
        row.compared += 1;
        if (equal) row.equal += 1;
        else row.different.push(mail.file);
      }
    }
    const compared = [...table.values()].reduce((sum, row) => sum + row.compared, 0);
    const equal = [...table.values()].reduce((sum, row) => sum + row.equal, 0);
    process.stdout.write(
      [
        `mails ${sent.length}, taken ${taken.length}, refused ${refused.length}`,
        `slowest ${Math.max(...sent.map(({ ms }) => ms))} ms, not read whole ${[...mails.values()].filter(({ parseError }) => parseError !== null).length}`,
        ...[...table].map(([field, row]) => `${field}: ${row.equal} of ${row.compared} ${row.different.join(' ')}`),
        ...refused.map(({ mail, reply }) => `${mail.file}: ${reply}`),
        `fields equal: ${equal} of ${compared}, ${((100 * equal) / compared).toFixed(2)} %`,
        '',
      ].join('\n'),
    );
    // A line end that stands alone is the only reason to refuse one of them.
    for (const { mail, raw, reply } of refused) {
      expect([mail.file, reply.slice(0, 9), BARE.test(raw.toString('latin1'))]).toEqual([mail.file, '550 5.5.2', true]);
    }
    expect(equal / compared).toBeGreaterThanOrEqual(EQUAL_MIN);
  }, 300_000);
});
