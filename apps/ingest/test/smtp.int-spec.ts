import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InboundMail, InboxChangedV1, MailReceivedV1, newId, type Fact } from '@postern/contracts';
import { CONTENT_STORE, load, type ContentStore } from '@postern/eventing';
import { waitFor } from '@postern/testing';
import { inboxOf, startIngest, type Ingest } from './ingest.harness.js';
import { talk } from './smtp.client.js';

const SENDER = 'ann@example.com';

let ingest: Ingest;
let content: ContentStore;

beforeAll(async () => {
  ingest = await startIngest();
  content = ingest.sut.app.get<ContentStore>(CONTENT_STORE);
});

afterAll(async () => {
  await ingest?.stop();
});

const mailsOf = async (inboxId: string): Promise<Fact<typeof MailReceivedV1>[]> =>
  (await ingest.sut.bus.factsOf(MailReceivedV1)).filter((fact) => fact.data.inboxId === inboxId);

const received = (inboxId: string): Promise<Fact<typeof MailReceivedV1>> =>
  waitFor(async () => (await mailsOf(inboxId))[0], 'the fact of the mail');

async function parsedOf(fact: Fact<typeof MailReceivedV1>): Promise<InboundMail> {
  const bytes = await load(content, fact.organizationId, fact.data.parsed);
  return InboundMail.parse(JSON.parse(bytes.toString('utf8')));
}

/** A message as DATA carries it. */
const message = (body = 'Hi', id = newId('msg')): string =>
  `From: Ann <${SENDER}>\r\nTo: us@postern.test\r\nSubject: Hello\r\nMessage-ID: <${id}@example.com>\r\n\r\n${body}\r\n`;

describe('a mail for an inbox', () => {
  test('is stored raw, parsed and told', async () => {
    const inbox = await ingest.newInbox();
    await ingest.mailer.sendMail({
      from: `Ann <${SENDER}>`,
      to: inbox.address,
      subject: 'Größe',
      text: 'Hello there',
      attachments: [{ filename: 'a.txt', content: 'attached' }],
    });
    const fact = await received(inbox.inboxId);
    expect(fact).toMatchObject({
      organizationId: inbox.organizationId,
      mode: 'live',
      correlationId: fact.data.mailId,
      data: { recipient: inbox.address, mailFrom: SENDER, via: 'smtp' },
    });
    const raw = await load(content, inbox.organizationId, fact.data.raw);
    expect(raw.toString()).toContain(`To: ${inbox.address}\r\n`);
    const mail = await parsedOf(fact);
    expect(mail).toMatchObject({
      from: { address: SENDER, name: 'Ann' },
      subject: 'Größe',
      text: 'Hello there',
      authentication: { spf: 'none', dkim: 'none', dmarc: 'none', arc: 'none', aligned: false },
      parseError: null,
      attachments: [{ filename: 'a.txt', contentType: 'text/plain', disposition: 'attachment' }],
    });
    const [attachment] = mail.attachments;
    if (attachment === undefined) throw new Error('no attachment');
    expect((await load(content, inbox.organizationId, attachment.content)).toString()).toBe('attached');
  });

  test('of several tenants is a copy for each, and for one inbox only one', async () => {
    const ours = await ingest.newInbox();
    const other = await ingest.newInbox({ mode: 'test' });
    const to = [ours.address, ours.address.toUpperCase(), other.address];
    await ingest.mailer.sendMail({ envelope: { from: '', to }, raw: message() });
    const [first, second] = [await received(ours.inboxId), await received(other.inboxId)];
    expect(first.data.mailFrom).toBe('');
    expect(second).toMatchObject({ organizationId: other.organizationId, mode: 'test' });
    expect(first.data.raw).toEqual(second.data.raw);
    expect(await content.get(other.organizationId, second.data.raw.sha256)).not.toBeNull();
    expect(await mailsOf(ours.inboxId)).toHaveLength(1);
  });

  test('that comes again within 7 days is answered 250 and is the same mail; later it is a new one', async () => {
    const inbox = await ingest.newInbox();
    const send = () =>
      ingest.mailer.sendMail({ envelope: { from: SENDER, to: inbox.address }, raw: message('x', mail) });
    const mail = newId('msg');
    await Promise.all([send(), send(), send()]);
    await send();
    const { data } = await received(inbox.inboxId);
    await ingest.sut.database.query(
      `UPDATE mail_digests SET received_at = received_at - interval '7 days' WHERE inbox_id = $1`,
      [inbox.inboxId],
    );
    await send();
    const mails = await waitFor(async () => {
      const facts = await mailsOf(inbox.inboxId);
      return facts.length > 1 ? facts : null;
    }, 'the second mail');
    expect(mails.map((fact) => fact.data.raw.sha256)).toEqual([data.raw.sha256, data.raw.sha256]);
    expect(new Set(mails.map((fact) => fact.data.mailId)).size).toBe(2);
  });

  test('that asks for a receipt, or is one, gets no answer of ours', async () => {
    const inbox = await ingest.newInbox();
    const asks = `Disposition-Notification-To: ${SENDER}\r\nReturn-Receipt-To: ${SENDER}\r\n${message()}`;
    const receipt = `Content-Type: multipart/report; report-type=disposition-notification; boundary=x\r\n${message()}`;
    await ingest.mailer.sendMail({ envelope: { from: SENDER, to: inbox.address }, raw: asks });
    await ingest.mailer.sendMail({ envelope: { from: '', to: inbox.address }, raw: receipt });
    const mails = await waitFor(async () => {
      const facts = await mailsOf(inbox.inboxId);
      return facts.length > 1 ? facts : null;
    }, 'both mails');
    expect(await Promise.all(mails.map(async (fact) => (await parsedOf(fact)).kinds))).toEqual([[], ['read_receipt']]);
    const facts = await ingest.sut.database.query<{ type: string }>(
      `SELECT DISTINCT type FROM outbox WHERE organization_id = $1`,
      [inbox.organizationId],
    );
    expect(facts.map(({ type }) => type)).toEqual([MailReceivedV1.type]);
    const { data } = (await (
      await fetch(`${ingest.sandbox.url}/_sandbox/messages?to=${encodeURIComponent(SENDER)}`)
    ).json()) as { data: unknown[] };
    expect(data).toEqual([]);
  });

  test('whose dots were doubled on the way has them back', async () => {
    const inbox = await ingest.newInbox();
    await ingest.mailer.sendMail({ envelope: { from: SENDER, to: inbox.address }, raw: message('.one\r\n..two') });
    const { data, organizationId } = await received(inbox.inboxId);
    expect((await load(content, organizationId, data.raw)).toString()).toContain('\r\n.one\r\n..two\r\n');
  });
});

describe('RCPT', () => {
  const to = (address: string): string[] => [`MAIL FROM:<${SENDER}>`, `RCPT TO:<${address}>`];

  test('for an inbox that only messaging knows asks it once', async () => {
    const address = `young-${Date.now()}@postern.test`;
    const owner = { organizationId: newId('org'), mode: 'live' as const, inboxId: newId('inb') };
    ingest.messaging.owners.set(address, owner);
    await ingest.mailer.sendMail({ envelope: { from: SENDER, to: address }, raw: message() });
    expect(await received(owner.inboxId)).toMatchObject({ organizationId: owner.organizationId });
    expect(ingest.messaging.asked.filter((asked) => asked === address)).toHaveLength(1);
  });

  test.each(['nobody@postern.test', 'postmaster@postern.test', 'postmaster', 'someone@elsewhere.example'])(
    'for %s is 550 5.1.1',
    async (address) => {
      const [, reply] = await talk(ingest.smtpPort, to(address));
      expect(reply).toMatch(/^550 5\.1\.1 /);
    },
  );

  test('for a deleted inbox is 550, without a question, and an old fact does not bring it back', async () => {
    const inbox = await ingest.newInbox();
    const tenant = { organizationId: inbox.organizationId, mode: inbox.mode };
    const shape = inboxOf(inbox.inboxId, inbox.address);
    await ingest.sut.bus.publish(InboxChangedV1, { ...tenant, data: { change: 'deleted', inbox: shape, version: 3 } });
    await waitFor(
      async () =>
        (
          await ingest.sut.database.query(`SELECT 1 FROM inbox_addresses WHERE inbox_id = $1 AND deleted`, [
            inbox.inboxId,
          ])
        ).length,
      'the deletion in the projection',
    );
    const late = await ingest.sut.bus.publish(InboxChangedV1, {
      ...tenant,
      data: { change: 'updated', inbox: shape, version: 2 },
    });
    await waitFor(
      async () => (await ingest.sut.database.query(`SELECT 1 FROM inbox WHERE event_id = $1`, [late])).length,
      'the late fact to be handled',
    );
    const [, reply] = await talk(ingest.smtpPort, to(inbox.address));
    expect(reply).toMatch(/^550 5\.1\.1 /);
    expect(ingest.messaging.asked).not.toContain(inbox.address);
  });

  test('guessing addresses ends the connection', async () => {
    const guesses = Array.from({ length: 11 }, (_, index) => `RCPT TO:<guess-${index}@postern.test>`);
    const replies = await talk(ingest.smtpPort, [`MAIL FROM:<${SENDER}>`, ...guesses]);
    expect(replies.at(-1)).toMatch(/^421 4\.7\.0 /);
  });

  test('takes 50 recipients, and tells the rest to come later', async () => {
    const owner = { organizationId: newId('org'), mode: 'live' as const, inboxId: newId('inb') };
    const addresses = Array.from({ length: 51 }, (_, index) => `many-${index}@postern.test`);
    for (const address of addresses) ingest.messaging.owners.set(address, owner);
    const commands = addresses.map((address) => `RCPT TO:<${address}>`);
    const replies = await talk(ingest.smtpPort, [`MAIL FROM:<${SENDER}>`, ...commands]);
    expect(replies.slice(1, 51).every((reply) => reply.startsWith('250'))).toBe(true);
    expect(replies[51]).toMatch(/^452 /);
  });
});

describe('DATA', () => {
  test.each([
    ['a bare LF', 'one\ntwo'],
    ['a bare CR', 'one\rtwo'],
    ['LF . LF', 'one\n.\nMAIL FROM:<evil@example.com>'],
    ['LF . CR LF', 'one\n.\r\nMAIL FROM:<evil@example.com>'],
    ['CR LF . LF', 'one\r\n.\nMAIL FROM:<evil@example.com>'],
    ['CR . CR', 'one\r.\rMAIL FROM:<evil@example.com>'],
    ['CR LF . CR', 'one\r\n.\rMAIL FROM:<evil@example.com>'],
  ])('with %s is one message, and it is refused', async (_, body) => {
    const inbox = await ingest.newInbox();
    const commands = [`MAIL FROM:<${SENDER}>`, `RCPT TO:<${inbox.address}>`, 'DATA', `${message(body)}.`, 'NOOP'];
    const replies = await talk(ingest.smtpPort, commands);
    expect(replies[3]).toMatch(/^550 5\.5\.2 /);
    expect(replies[4]).toMatch(/^250 /);
    expect(await mailsOf(inbox.inboxId)).toEqual([]);
  });

  test('over SIZE is 552, announced or not', async () => {
    const inbox = await ingest.newInbox();
    const [announced] = await talk(ingest.smtpPort, [`MAIL FROM:<${SENDER}> SIZE=26214401`]);
    expect(announced).toMatch(/^552 /);
    const large = message(`${'x'.repeat(998)}\r\n`.repeat(26_300));
    const commands = [`MAIL FROM:<${SENDER}>`, `RCPT TO:<${inbox.address}>`, 'DATA', `${large}.`, 'NOOP'];
    const replies = await talk(ingest.smtpPort, commands);
    expect(replies[3]).toMatch(/^552 5\.3\.4 /);
    expect(replies[4]).toMatch(/^250 /);
  });
});
