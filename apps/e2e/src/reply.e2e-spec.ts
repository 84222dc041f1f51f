import { beforeAll, describe, expect, it } from '@jest/globals';
import { tenantOf } from './contract/belongings.js';
import { Client, type Json } from './harness/client.js';
import { headerOf, Outside } from './harness/outside.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';

const postern = sharedPostern();
const { agent } = postern;
const outside = new Outside(postern);
let inbox: Json;

beforeAll(async () => {
  inbox = await postern.inbox();
});

const someone = (): string => `success+${unique('who')}@simulator.amazonses.com`;

async function answer(message: Json, how: 'reply' | 'forward', body: object, client = agent): Promise<Json> {
  const reply = await client.post(`/v1/messages/${message['id']}/${how}`, body);
  if (reply.status !== 202) throw new Error(`not accepted: ${JSON.stringify(reply.body)}`);
  return reply.body;
}
const addresses = (list: Json | undefined): string[] => [...(list ?? [])].map((one) => String(one['address']));

describe('a reply', () => {
  it('goes to Reply-To, in the thread, with one "Re: " and the headers that keep it together', async () => {
    const desk = someone();
    const messageId = `<${unique('m')}@example.com>`;
    const mail = await outside.writes(inbox, {
      subject: unique('RE: AW: Question'),
      replyTo: `Desk <${desk}>`,
      messageId,
      references: ['<first@example.com>', '<second@example.com>'],
    });
    const sent = await answer(mail, 'reply', { text: 'Yes', labels: ['answered'], metadata: { a: 'b' } });
    expect(sent).toMatchObject({
      direction: 'outbound',
      thread_id: mail['thread_id'],
      inbox_id: inbox['id'],
      to: [{ address: desk, name: 'Desk' }],
      cc: [],
      subject: `Re: ${String(mail['subject']).slice('RE: AW: '.length)}`,
      text: 'Yes',
      labels: ['answered'],
      metadata: { a: 'b' },
      in_reply_to: messageId,
      references: ['<first@example.com>', '<second@example.com>', messageId],
    });
    const mime = await outside.gets(desk);
    expect(headerOf(mime, 'In-Reply-To')).toBe(messageId);
    expect(headerOf(mime, 'References')).toBe(
      `<first@example.com> <second@example.com> ${messageId} ${sent['own_message_id']}`,
    );
  });

  it('to all leaves the inbox itself out, and names each address once', async () => {
    const [ann, bob, cid] = [someone(), someone(), someone()];
    const mail = await outside.writes(inbox, {
      from: ann,
      to: [String(inbox['address']), bob],
      cc: [cid, ann.toUpperCase(), String(inbox['address'])],
      subject: unique('Everyone'),
    });
    const all = await answer(mail, 'reply', { text: 'x', reply_all: true, cc: ['dan@example.com'], bcc: [bob] });
    expect([addresses(all['to']), addresses(all['cc']), addresses(all['bcc'])]).toEqual([
      [ann, bob],
      [cid, 'dan@example.com'],
      [],
    ]);
    const one = await answer(mail, 'reply', { text: 'x' });
    expect([addresses(one['to']), addresses(one['cc'])]).toEqual([[ann], []]);
  });

  it('to an own message goes to its recipients, under the id that SES gave it', async () => {
    const [ann, bob, eve] = [someone(), someone(), someone()];
    const first = await postern.settled(await postern.send(inbox, { to: ann, cc: bob, bcc: eve, subject: 'Offer' }), [
      'delivered',
    ]);
    const again = await answer(first, 'reply', { text: 'Any news?', reply_all: true });
    expect(again).toMatchObject({
      subject: 'Re: Offer',
      thread_id: first['thread_id'],
      in_reply_to: first['message_id_header'],
      references: [first['own_message_id'], first['message_id_header']],
      bcc: [],
    });
    expect([addresses(again['to']), addresses(again['cc'])]).toEqual([[ann], [bob]]);
  });

  it.each([
    ['In-Reply-To with the id of SES', (sent: Json) => ({ inReplyTo: String(sent['message_id_header']) })],
    [
      'References with our own id only',
      (sent: Json) => ({ references: ['<x@example.com>', String(sent['own_message_id'])] }),
    ],
  ])('from outside comes back into the thread by %s', async (_how, headers) => {
    const sent = await postern.settled(await postern.send(inbox, { to: someone() }), ['delivered']);
    const back = await outside.writes(inbox, { subject: unique('Back'), ...headers(sent) });
    expect(back['thread_id']).toBe(sent['thread_id']);
    const further = await answer(back, 'reply', { text: 'Thanks', to: someone() });
    expect(further['thread_id']).toBe(sent['thread_id']);
  });

  it('is refused like a send: body, sender, thread, credits', async () => {
    const mail = await outside.writes(inbox, { subject: unique('Refused') });
    const path = `/v1/messages/${mail['id']}/reply`;
    const wrong = await agent.post(path, { reply_all: 'yes', in_reply_to: '<a@b>' });
    expect(wrong.status).toBe(422);
    expect([...(wrong.body['error']?.['details']?.['issues'] ?? [])].map((one) => one['path']).toSorted()).toEqual([
      'in_reply_to',
      'reply_all',
      'text',
    ]);
    const sent = await answer(mail, 'reply', { text: 'x', to: someone(), if_thread_last_message_id: mail['id'] });
    const stale = await agent.post(path, { text: 'x', if_thread_last_message_id: mail['id'] });
    expect(stale).toMatchObject({ status: 409, body: { error: { code: 'stale_thread' } } });
    expect(addresses(stale.body['error']?.['details']?.['messages']?.[0]?.['to'])).toEqual(addresses(sent['to']));
    const absent = `/v1/messages/${String(mail['id']).slice(0, -4)}zzzz/reply`;
    expect((await agent.post(absent, { colour: 'red' })).status).toBe(404);

    const made = await postern.root.post('/v1/organizations', {
      name: unique('Poor'),
      limits: { credits_per_month: 1 },
    });
    const poor = new Client(postern.local.gateway_url, String(made.body['api_key']?.['secret']));
    const only = await postern.send(await postern.inbox(poor), { to: someone() }, poor);
    const broke = await poor.post(`/v1/messages/${only['id']}/reply`, { text: 'x' });
    expect(broke).toMatchObject({ status: 402, body: { error: { code: 'credits_exhausted' } } });
  });
});

describe('a forward', () => {
  it('has the message below the own words, its attachments, one "Fwd: ", and nobody of its Bcc', async () => {
    const [ann, eve, dan] = [someone(), someone(), someone()];
    const first = await postern.send(inbox, {
      to: `Ann <${ann}>`,
      bcc: eve,
      subject: 'FW: Fwd: Plans',
      text: 'The plans are attached.',
      html: '<p>The plans are <b>attached</b>.</p>',
      attachments: [
        { filename: 'plans.txt', content_type: 'text/plain', content: Buffer.from('build it').toString('base64') },
      ],
    });
    const forward = await answer(first, 'forward', { to: dan, text: 'See below.' });
    expect(forward).toMatchObject({
      subject: 'Fwd: Plans',
      thread_id: first['thread_id'],
      in_reply_to: null,
      to: [{ address: dan, name: null }],
      attachments: [{ filename: 'plans.txt', size: 8 }],
    });
    expect(forward['attachments']?.[0]?.['id']).not.toBe(first['attachments']?.[0]?.['id']);
    expect(String(forward['text'])).toMatch(/^See below\.\n\n-+ Forwarded message -+\nFrom: /);
    expect(String(forward['text'])).toContain(`To: Ann <${ann}>`);
    expect(String(forward['text'])).toContain('The plans are attached.');
    expect(String(forward['html'])).toContain('<p>The plans are <b>attached</b>.</p>');
    const mime = await outside.gets(dan);
    expect(mime).toContain(Buffer.from('build it').toString('base64'));
    expect(mime + JSON.stringify(forward)).not.toContain(eve);

    const bare = await answer(first, 'forward', { to: dan, include_attachments: false });
    expect(bare['attachments']).toEqual([]);
    expect(String(bare['text'])).toMatch(/^-+ Forwarded message -+\n/);
  });

  it('hands on what a mail from outside brought', async () => {
    const dan = someone();
    const mail = await outside.writes(inbox, {
      subject: unique('With a file'),
      attachments: [{ filename: 'ä.csv', content: 'a;b' }],
    });
    const forward = await answer(mail, 'forward', { to: dan, text: 'FYI' });
    expect(forward['attachments']).toEqual([expect.objectContaining({ filename: 'ä.csv', size: 3 })]);
    expect(await outside.gets(dan)).toContain(Buffer.from('a;b').toString('base64'));
  });

  it('needs the right to read what it hands on', async () => {
    const tenant = await tenantOf(postern);
    const message = await postern.send(await postern.inbox(tenant.admin), {}, tenant.admin);
    const sender = await tenant.key({ scopes: ['messages:send'] });
    const path = `/v1/messages/${message['id']}`;
    const refused = await sender.post(`${path}/forward`, { to: someone() });
    expect([refused.status, refused.body['error']?.['code']]).toEqual([403, 'forbidden']);
    expect((await sender.post(`${path}/reply`, { text: 'x' })).status).toBe(202);
  });
});
