import { describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { tenantOf } from './contract/belongings.js';
import type { Client, Json } from './harness/client.js';
import { Outside } from './harness/outside.js';
import { smallPdf } from './harness/small-pdf.js';
import { sharedPostern } from './harness/shared-stack.js';
import { EICAR } from './harness/bait.js';

const postern = sharedPostern();
const outside = new Outside(postern);
const { agent } = postern;

const search = async (inbox: Json, q: string, client: Client = agent): Promise<Json[]> => {
  const { status, body } = await client.get(`/v1/inboxes/${inbox['id']}/messages?q=${encodeURIComponent(q)}`);
  if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return [...body['data']];
};
const subjects = (found: Json[]): string[] => found.map((message) => String(message['subject']));

describe('a search', () => {
  it('finds words, phrases and what lacks a word, at once after the 202', async () => {
    const inbox = await postern.inbox();
    await postern.send(inbox, { subject: 'first', text: 'The invoices were paid late.' });
    await postern.send(inbox, { subject: 'second', html: '<p>Your <b>invoice</b> is late</p>' });
    expect(subjects(await search(inbox, 'invoice late'))).toEqual(['second', 'first']);
    expect(subjects(await search(inbox, '"paid late"'))).toEqual(['first']);
    expect(subjects(await search(inbox, 'invoice -paid'))).toEqual(['second']);
    expect(subjects(await search(inbox, 'nothing'))).toEqual([]);
  });

  it('shows where it found something, safe to put into a page', async () => {
    const inbox = await postern.inbox();
    await postern.send(inbox, { subject: 'About <llamas> & others', text: 'One llama.' });
    const [hit] = await search(inbox, 'llama');
    expect(hit?.['highlights']).toEqual({
      subject: ['About &lt;<mark>llamas</mark>&gt; &amp; others'],
      text: ['One <mark>llama</mark>'],
    });
    expect((await agent.get(`/v1/messages/${hit?.['id']}`)).body).not.toHaveProperty('highlights');
  });

  it('puts hits in the subject before newer ones in the text', async () => {
    const inbox = await postern.inbox();
    await postern.send(inbox, { subject: 'Kingfisher', text: 'x' });
    await postern.send(inbox, { subject: 'newer', text: 'a kingfisher' });
    expect(subjects(await search(inbox, 'kingfishers'))).toEqual(['Kingfisher', 'newer']);
  });

  it('finds senders, names of attachments and the text inside a PDF, of mail that came in', async () => {
    const inbox = await postern.inbox();
    await outside.writes(inbox, {
      from: 'Zoe Quill <zoe@lawyers.example>',
      subject: 'Contract',
      attachments: [{ filename: 'Lease_2024.pdf', content: smallPdf('The tenant waters every rhododendron.') }],
    });
    for (const q of ['quill', 'lawyers', 'lease', 'rhododendrons', '"tenant waters"']) {
      expect([q, subjects(await search(inbox, q))]).toEqual([q, ['Contract']]);
    }
    const [hit] = await search(inbox, 'rhododendron');
    expect(hit?.['highlights']).toMatchObject({
      attachment_text: [expect.stringContaining('<mark>rhododendron</mark>')],
    });
  });

  it('finds the text inside a PDF that was sent', async () => {
    const inbox = await postern.inbox();
    const content = smallPdf('Gladiolus bulbs').toString('base64');
    await postern.send(inbox, {
      subject: 'Garden',
      attachments: [{ filename: 'list.pdf', content_type: 'application/pdf', content }],
    });
    await waitFor(async () => (await search(inbox, 'gladiolus')).length === 1, 'the scanned text to be searched');
  });

  it('tells keys that may not read withheld mail nothing of it', async () => {
    const { admin, key } = await tenantOf(postern);
    const reader = await key({ scopes: ['messages:read'] });
    const inbox = await postern.inbox(admin);
    await outside.writes(inbox, { subject: 'Harmless', text: 'pelican' }, admin);
    await outside.writes(
      inbox,
      { subject: 'Poisoned', text: 'pelican', attachments: [{ filename: 'tool.com', content: EICAR }] },
      admin,
    );
    const all = await admin.get(`/v1/inboxes/${inbox['id']}/messages`);
    expect([...all.body['data']].map((message: Json) => message['security_status'])).toEqual(['withheld', 'clean']);
    expect(subjects(await search(inbox, 'pelican', admin))).toEqual(['Poisoned', 'Harmless']);
    expect(subjects(await search(inbox, 'pelican', reader))).toEqual(['Harmless']);
    expect(subjects(await search(inbox, 'poisoned', reader))).toEqual([]);
    const bySubject = await reader.get(`/v1/inboxes/${inbox['id']}/messages?subject=poison`);
    expect([...bySubject.body['data']]).toEqual([]);
  });

  it('forgets a message that was deleted', async () => {
    const inbox = await postern.inbox();
    const message = await postern.settled(await postern.send(inbox, { subject: 'Heron' }), ['delivered']);
    expect(await search(inbox, 'heron')).toHaveLength(1);
    expect((await agent.delete(`/v1/messages/${message['id']}`)).status).toBe(204);
    expect(await search(inbox, 'heron')).toEqual([]);
  });

  it.each([`'); DROP TABLE messages; --`, 'a & | ! <-> :* ( )', '"'.repeat(3) + 'x', 'x '.repeat(32), '% _ \\'])(
    'answers %j in a moment',
    async (q) => {
      const inbox = await postern.inbox();
      await postern.send(inbox, { subject: 'plain' });
      const { status } = await agent.get(`/v1/inboxes/${inbox['id']}/messages?q=${encodeURIComponent(q)}`);
      expect([200, 422]).toContain(status);
    },
  );
});
