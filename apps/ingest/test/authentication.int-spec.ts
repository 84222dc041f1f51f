import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InboundMail, MailReceivedV1, newId } from '@postern/contracts';
import { CONTENT_STORE, load, type ContentStore } from '@postern/eventing';
import { waitFor } from '@postern/testing';
import { DnsLookup } from '../src/authenticate/dns-lookup.js';
import { startIngest, type Ingest } from './ingest.harness.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let ingest: Ingest;

beforeAll(async () => {
  ingest = await startIngest();
  await publish('known.example', 'v=spf1 ip4:127.0.0.1 ip6:::1 -all');
  await publish('_dmarc.known.example', 'v=DMARC1; p=reject');
  await publish('s1._domainkey.known.example', `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}`);
});

afterAll(async () => {
  await ingest?.stop();
});

async function publish(name: string, value: string): Promise<void> {
  const { status } = await fetch(`${ingest.sandbox.url}/_sandbox/dns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ records: [{ type: 'TXT', name, value }] }),
  });
  expect(status).toBe(200);
}

async function authenticationOf(mail: { from: string; sender?: string; signed?: boolean; raw?: string }) {
  const inbox = await ingest.newInbox();
  await ingest.mailer.sendMail({
    envelope: { from: mail.sender ?? mail.from, to: inbox.address },
    ...(mail.raw === undefined
      ? { from: mail.from, to: inbox.address, subject: 'Hello', text: newId('msg') }
      : { raw: mail.raw }),
    ...(mail.signed && { dkim: { domainName: 'known.example', keySelector: 's1', privateKey } }),
  });
  const fact = await waitFor(
    async () => (await ingest.sut.bus.factsOf(MailReceivedV1)).find(({ data }) => data.inboxId === inbox.inboxId),
    'the fact of the mail',
  );
  const content = ingest.sut.app.get<ContentStore>(CONTENT_STORE);
  return InboundMail.parse(JSON.parse((await load(content, fact.organizationId, fact.data.parsed)).toString('utf8')))
    .authentication;
}

test('mail by SMTP carries what the DNS says about it', async () => {
  expect(await authenticationOf({ from: 'ann@known.example', signed: true })).toEqual({
    spf: 'pass',
    dkim: 'pass',
    dmarc: 'pass',
    arc: 'none',
    aligned: true,
  });
  expect(await authenticationOf({ from: 'ann@known.example', sender: 'x@evil.example' })).toMatchObject({
    spf: 'none',
    dmarc: 'fail',
    aligned: false,
  });
});

test('of two senders none is proven', async () => {
  const raw = `From: ceo@known.example\r\nFrom: ann@known.example\r\nMessage-ID: <${newId('msg')}@x>\r\n\r\nHi\r\n`;
  expect(await authenticationOf({ from: 'ann@known.example', raw })).toMatchObject({ spf: 'pass', aligned: false });
});

test('a DNS that fails refuses no mail, and is asked again for the next one', async () => {
  const tell = (answer: string | null) =>
    fetch(`${ingest.sandbox.url}/_sandbox/dns/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'later.example', answer }),
    });
  await publish('later.example', 'v=spf1 ip4:127.0.0.1 ip6:::1 -all');
  await tell('servfail');
  expect(await authenticationOf({ from: 'ann@later.example' })).toMatchObject({ spf: 'temperror', aligned: false });
  await tell(null);
  expect(await authenticationOf({ from: 'ann@later.example' })).toMatchObject({ spf: 'pass', aligned: true });
});

test('answers serve many mails, and callers cannot spoil them for each other', async () => {
  const { lookup } = new DnsLookup([new URL(ingest.sandbox.url).host]);
  const first = await lookup('known.example', 'TXT');
  first.length = 0;
  await fetch(`${ingest.sandbox.url}/_sandbox/dns?domain=known.example`, { method: 'DELETE' });
  expect(await lookup('KNOWN.example', 'TXT')).toHaveLength(1);
  await expect(lookup('unknown.example', 'TXT')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  await expect(lookup('unknown.example', 'TXT')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});
