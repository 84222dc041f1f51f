import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@postern/testing';
import { createTransport } from 'nodemailer';
import { tenantOf } from './contract/belongings.js';
import { Client, type Json } from './harness/client.js';
import { Files } from './harness/files.js';
import { unique } from './harness/postern.js';
import { sharedPostern } from './harness/shared-stack.js';
import { EICAR } from './harness/bait.js';

const MIB = 1024 * 1024;
const postern = sharedPostern();
const { agent, admin, local } = postern;
const files = new Files(local.gateway_url, local.api_key);
const stranger = new Files(local.gateway_url, null);
const smtp = createTransport({ host: local.smtp.host, port: local.smtp.port, secure: false, ignoreTLS: true });
const PDF = Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n');

const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');
const pathsOf = ({ body }: { body: Json }): string[] =>
  [...(body['error']?.['details']?.['issues'] ?? [])].map(({ path }) => String(path));
const codeOf = ({ status, body }: { status: number; body: Json }) => [status, body['error']?.['code']];

async function uploaded(content: Buffer | string = unique('content'), filename = 'a.txt'): Promise<Json> {
  const { status, body } = await files.form(content, filename, 'text/plain');
  if (status !== 201) throw new Error(`no upload: ${JSON.stringify(body)}`);
  return body;
}

describe('an upload', () => {
  it('as a form is there at once, under its own name and both types', async () => {
    const before = Date.now();
    const made = await files.form(PDF, 'Übung ☂.pdf', 'text/plain; charset=utf-8');
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      id: expect.stringMatching(/^att_[0-7][0-9a-z]{25}$/),
      filename: 'Übung ☂.pdf',
      content_type: 'text/plain',
      detected_content_type: 'application/pdf',
      size: PDF.byteLength,
      sha256: sha256(PDF),
      disposition: 'attachment',
      content_id: null,
      message_id: null,
      inbox_id: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(Date.parse(made.body['created_at'] as string)).toBeGreaterThanOrEqual(before - 1_000);
    const shown = await agent.get(`/v1/attachments/${made.body['id']}`);
    expect([shown.status, shown.body]).toEqual([200, made.body]);
    expect((await files.download(made.body['id'] as string)).octets).toEqual(PDF);
  });

  it.each(['application/json', 'text/plain; charset=iso-8859-1', 'text/html', 'nonsense'])(
    'as the body itself may say to be %s',
    async (type) => {
      const made = await files.raw('{not json', 'page.html', type);
      const declared = type === 'nonsense' ? 'application/octet-stream' : type.split(';', 1)[0];
      expect([made.status, made.body['content_type'], made.body['size']]).toEqual([201, declared, 9]);
      expect((await files.download(made.body['id'] as string)).octets.toString()).toBe('{not json');
    },
  );

  it('may be empty', async () => {
    const { id, size } = await uploaded('', 'empty');
    expect(size).toBe(0);
    const { status, octets } = await files.download(id as string);
    expect([status, octets.byteLength]).toEqual([200, 0]);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\a.doc', 'a.doc'],
    ['invoice\u202etxt.exe', 'invoicetxt.exe'],
    ['NUL', '_NUL'],
    [`${'x'.repeat(240)}.pdf`, `${'x'.repeat(196)}.pdf`],
    ['..', 'attachment'],
  ])('named %j is called %s', async (given, name) => {
    expect((await files.raw('x', given, 'text/plain')).body['filename']).toBe(name);
  });

  it('of equal content is another one with the same octets', async () => {
    const content = unique('same');
    const [first, second] = [await uploaded(content, 'a.txt'), await uploaded(content, 'b.txt')];
    expect(first['id']).not.toBe(second['id']);
    expect(first['sha256']).toBe(second['sha256']);
  });

  it.each([
    ['a form without a file', '', ['file']],
    ['a form with another field', 'extra', ['colour']],
  ])('is refused: %s', async (_what, which, paths) => {
    const form = new FormData();
    if (which === 'extra') form.set('file', new Blob(['x']), 'a.txt');
    if (which === 'extra') form.set('colour', 'red');
    const reply = await files.post('/v1/attachments', form);
    expect([...codeOf(reply), pathsOf(reply)]).toEqual([422, 'validation_error', paths]);
  });

  it('is refused: a body without a name, a broken form, a compressed body, an unknown parameter', async () => {
    const nameless = await files.post('/v1/attachments', 'x', { 'content-type': 'text/plain' });
    expect([...codeOf(nameless), pathsOf(nameless)]).toEqual([422, 'validation_error', ['filename']]);
    const broken = await files.post('/v1/attachments', 'x', { 'content-type': 'multipart/form-data; boundary=b' });
    expect(codeOf(broken)).toEqual([400, 'bad_request']);
    const packed = await files.raw('x', 'a.gz', 'text/plain', { 'content-encoding': 'gzip' });
    expect(codeOf(packed)).toEqual([415, 'unsupported_media_type']);
    const odd = await files.post('/v1/attachments?filename=a&colour=red', 'x');
    expect([...codeOf(odd), pathsOf(odd)]).toEqual([422, 'validation_error', ['colour']]);
  });

  it('has at most 25 MiB, and not an octet more', async () => {
    const most = randomBytes(25 * MIB);
    const made = await files.form(most, 'most.bin');
    expect([made.status, made.body['size'], made.body['sha256']]).toEqual([201, most.byteLength, sha256(most)]);
    const back = await files.download(made.body['id'] as string);
    expect([back.octets.byteLength, sha256(back.octets)]).toEqual([most.byteLength, sha256(most)]);
    const more = Buffer.concat([most, Buffer.of(0)]);
    expect(codeOf(await files.form(more, 'more.bin'))).toEqual([413, 'payload_too_large']);
    expect(codeOf(await files.raw(more, 'more.bin', 'text/plain'))).toEqual([413, 'payload_too_large']);
  });

  it('whose sender goes away leaves nothing, and the gateway goes on', async () => {
    await new Promise<void>((resolve) => {
      const half = request(`${local.gateway_url}/v1/attachments?filename=half`, {
        method: 'POST',
        headers: { authorization: `Bearer ${local.api_key}`, 'content-length': '1000000' },
      });
      half.on('error', () => resolve());
      half.write(Buffer.alloc(1_000), () => half.destroy());
      half.on('close', () => resolve());
    });
    expect((await uploaded())['size']).toBeGreaterThan(0);
  });

  it('needs a key with messages:write; to see one takes messages:read', async () => {
    expect((await stranger.raw('x', 'a', 'text/plain')).status).toBe(401);
    const { id } = await uploaded();
    expect((await stranger.get(`/v1/attachments/${id}/content`)).status).toBe(401);
  });
});

describe('an idempotency key', () => {
  it('means the same content, name and type, in whichever form', async () => {
    const [key, content] = [unique('upload'), unique('content')];
    const headers = { 'idempotency-key': key };
    const first = await files.form(content, 'a.txt', 'text/plain', headers);
    const again = await files.raw(content, 'a.txt', 'text/plain', headers);
    expect([again.status, again.body['id']]).toEqual([201, first.body['id']]);
    expect(again.headers.get('idempotent-replay')).toBe('true');
    for (const other of [
      await files.raw(`${content}!`, 'a.txt', 'text/plain', headers),
      await files.raw(content, 'b.txt', 'text/plain', headers),
      await files.raw(content, 'a.txt', 'text/csv', headers),
    ]) {
      expect(codeOf(other)).toEqual([409, 'idempotency_conflict']);
    }
  });

  it('of equal uploads at once makes one', async () => {
    const headers = { 'idempotency-key': unique('race') };
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => files.raw('raced', 'a.txt', 'text/plain', headers)),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(replies.map(({ body }) => body['id'])).size).toBe(1);
    expect(replies.filter((reply) => reply.headers.get('idempotent-replay') === null)).toHaveLength(1);
  });
});

describe('a link', () => {
  let id: string;
  let link: string;
  beforeAll(async () => {
    id = (await uploaded(PDF, 'report.pdf'))['id'] as string;
    const { status, headers } = await files.get(`/v1/attachments/${id}/content`);
    expect(status).toBe(302);
    expect(headers.get('content-disposition')).toBe('attachment; filename=report.pdf');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    link = headers.get('location') as string;
  });

  it('downloads without a key, and never opens in a page', async () => {
    const { status, headers, octets } = await stranger.get(link);
    expect([status, octets]).toEqual([200, PDF]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/plain',
      'content-length': String(PDF.byteLength),
      'content-disposition': 'attachment; filename=report.pdf',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'no-store',
    });
  });

  it.each(['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/javascript'])(
    'hands %s over as octets',
    async (type) => {
      const made = await files.raw('<script>alert(1)</script>', 'x.html', type);
      expect(made.body['content_type']).toBe(type);
      const { headers } = await files.download(made.body['id'] as string);
      expect(headers.get('content-type')).toBe('application/octet-stream');
    },
  );

  it('opens nothing else, and nothing when it was changed', async () => {
    const other = (await uploaded())['id'] as string;
    for (const path of [
      link.replace(id, other),
      link.replace('token=', 'token=9'),
      `${link}A`,
      link.replace('.live.', '.test.'),
      `/v1/attachments/${id}/content?token=`,
    ]) {
      const reply = await stranger.get(path);
      expect([reply.status, JSON.parse(reply.octets.toString()).error.code]).toEqual([403, 'forbidden']);
    }
  });

  it('of what does not exist is not given', async () => {
    for (const absent of [id.replace(/.{8}$/, '00000000'), id.replace('att_', 'msg_'), 'att_x']) {
      expect((await agent.get(`/v1/attachments/${absent}`)).status).toBe(404);
      expect((await files.get(`/v1/attachments/${absent}/content`)).status).toBe(404);
    }
  });
});

describe('a message', () => {
  it('takes uploads along, and attachments of other messages, each under an id of its own', async () => {
    const inbox = await postern.inbox();
    const [picture, report] = [await uploaded(PDF, 'logo.pdf'), await uploaded('figures', 'report.txt')];
    const first = await postern.send(inbox, {
      attachments: [
        { id: picture['id'], content_id: 'logo' },
        { id: report['id'] },
        { filename: '../inline.txt', content_type: 'text/plain', content: Buffer.from('inline').toString('base64') },
      ],
    });
    const shownOfFirst: object[] = [...first['attachments']];
    expect(shownOfFirst).toMatchObject([
      { filename: 'logo.pdf', disposition: 'inline', content_id: 'logo', detected_content_type: 'application/pdf' },
      { filename: 'report.txt', disposition: 'attachment', content_id: null, size: 7 },
      { filename: 'inline.txt', content_type: 'text/plain', detected_content_type: null },
    ]);
    expect([...first['attachments']].map((one) => one['id'])).not.toContain(picture['id']);
    const fields = ['content_id', 'content_type', 'detected_content_type', 'disposition', 'filename', 'id', 'size'];
    for (const one of shownOfFirst) expect(Object.keys(one).sort()).toEqual(fields);

    const ofFirst = first['attachments'][1]?.['id'] as string;
    const second = await postern.send(inbox, { attachments: [{ id: ofFirst }] });
    const shown = await agent.get(`/v1/attachments/${second['attachments'][0]?.['id']}`);
    expect(shown.body).toMatchObject({
      message_id: second['id'],
      inbox_id: inbox['id'],
      sha256: report['sha256'],
      filename: 'report.txt',
    });
    expect((await files.download(ofFirst)).octets.toString()).toBe('figures');
    await postern.settled(first, ['delivered']);
    const [wire] = await postern.sandbox.messages({ contains: String(first['id']) });
    const mime = Buffer.from(String(wire?.['raw_base64']), 'base64').toString();
    expect(mime).toContain('Content-ID: <logo>');
    expect(mime).toContain(PDF.toString('base64'));
  });

  it('is told every attachment that is wrong, and is not stored', async () => {
    const [inbox, mine] = [await postern.inbox(), await uploaded()];
    const other = await tenantOf(postern);
    const theirs = (await other.admin.post('/v1/attachments?filename=x.json', { x: 1 })).body['id'];
    const ofTest = (await postern.tester.post('/v1/attachments?filename=x.json', { x: 1 })).body['id'];
    const send = (attachments: object[]) =>
      agent.post(`/v1/inboxes/${inbox['id']}/messages`, {
        to: 'success@simulator.amazonses.com',
        text: 'x',
        attachments,
      });
    const unknown = await send([{ id: mine['id'] }, { id: theirs }, { id: ofTest }, { id: mine['id'] }]);
    expect([...codeOf(unknown), pathsOf(unknown)]).toEqual([
      422,
      'validation_error',
      ['attachments[1].id', 'attachments[2].id'],
    ]);
    const malformed = await send([{}, { id: mine['id'], content: 'eA==' }, { filename: 'a', content: '%' }]);
    expect(pathsOf(malformed).sort()).toEqual([
      'attachments[0].content',
      'attachments[0].filename',
      'attachments[1].content',
      'attachments[2].content',
    ]);
    expect([...(await agent.get(`/v1/inboxes/${inbox['id']}/messages`)).body['data']]).toEqual([]);
  });

  it('that would be over 10 MB is refused before anything is stored', async () => {
    const inbox = await postern.inbox();
    const { id } = await uploaded(randomBytes(8 * MIB), 'large.bin');
    const reply = await agent.post(`/v1/inboxes/${inbox['id']}/messages`, {
      to: 'success@simulator.amazonses.com',
      text: 'x',
      attachments: [{ id }],
    });
    expect(codeOf(reply)).toEqual([413, 'payload_too_large']);
    expect([...(await agent.get(`/v1/inboxes/${inbox['id']}/messages`)).body['data']]).toEqual([]);
    const fits = await uploaded(randomBytes(7 * MIB), 'fits.bin');
    const sent = await postern.send(inbox, { attachments: [{ id: fits['id'] }] });
    expect(sent['attachments'][0]?.['size']).toBe(7 * MIB);
  });

  it('takes its attachments with it, and their links', async () => {
    const inbox = await postern.inbox();
    const sent = await postern.send(inbox, { attachments: [{ id: (await uploaded())['id'] }] });
    await postern.settled(sent, ['delivered']);
    const id = sent['attachments'][0]?.['id'] as string;
    const link = (await files.get(`/v1/attachments/${id}/content`)).headers.get('location') as string;
    expect((await stranger.get(link)).status).toBe(200);
    expect((await agent.delete(`/v1/messages/${sent['id']}`)).status).toBe(204);
    expect((await stranger.get(link)).status).toBe(404);
    expect((await agent.get(`/v1/attachments/${id}`)).status).toBe(404);
  });
});

describe('attachments of inbound mail', () => {
  const received = async (attachments: object[]): Promise<{ inbox: Json; message: Json }> => {
    const inbox = await postern.inbox();
    await smtp.sendMail({ from: 'ann@example.com', to: String(inbox['address']), text: 'See below', attachments });
    const message = await waitFor(async () => {
      const { body } = await admin.get(`/v1/inboxes/${inbox['id']}/messages?direction=inbound`);
      return body['data'][0] ?? null;
    }, 'the mail');
    return { inbox, message };
  };

  it('can be fetched, and sent on', async () => {
    const { inbox, message } = await received([{ filename: 'a.bin', content: PDF, contentType: 'text/html' }]);
    const { id } = message['attachments'][0] as Json;
    const { body } = await agent.get(`/v1/attachments/${id}`);
    expect(body).toMatchObject({
      message_id: message['id'],
      content_type: 'text/html',
      detected_content_type: 'application/pdf',
      sha256: sha256(PDF),
    });
    const { headers, octets } = await files.download(id as string);
    expect([headers.get('content-type'), octets]).toEqual(['application/octet-stream', PDF]);
    const sent = await postern.send(inbox, { attachments: [{ id }] });
    expect(sent['attachments'][0]).toMatchObject({ filename: 'a.bin', size: PDF.byteLength });
  });

  it('are shut while it is withheld: to see, to download, and to send on', async () => {
    const { inbox, message } = await received([{ filename: 'eicar.com', content: EICAR }]);
    expect(message['security_status']).toBe('withheld');
    const { id } = message['attachments'][0] as Json;
    const wanted = { name: unique('reader'), mode: 'live', scopes: ['messages:read', 'messages:send'] };
    const reader = new Client(local.gateway_url, String((await admin.post('/v1/api_keys', wanted)).body['secret']));
    for (const path of [`/v1/attachments/${id}`, `/v1/attachments/${id}/content`]) {
      expect(codeOf(await reader.get(path))).toEqual([403, 'forbidden']);
    }
    const reviewer = new Files(local.gateway_url, local.reviewer_key);
    expect((await reviewer.download(id as string)).octets.toString()).toBe(EICAR);
    const send = await admin.post(`/v1/inboxes/${inbox['id']}/messages`, {
      to: 'success@simulator.amazonses.com',
      text: 'x',
      attachments: [{ id }],
    });
    expect([...codeOf(send), pathsOf(send)]).toEqual([422, 'validation_error', ['attachments[0].id']]);
  });
});

describe('a key that is bound to inboxes', () => {
  it('uses what it uploaded itself and what its inboxes have, and nothing else', async () => {
    const tenant = await tenantOf(postern);
    const [own, other] = [await postern.inbox(tenant.admin), await postern.inbox(tenant.admin)];
    const bound = await tenant.key({ inbox_ids: [own['id']] });
    const upload = async (client = bound) =>
      (await client.post('/v1/attachments?filename=x.json', { x: unique('x') })).body['id'];
    const attachmentIn = async (inbox: Json) => {
      const message = await postern.send(inbox, { attachments: [{ id: await upload(tenant.admin) }] }, tenant.admin);
      return message['attachments'][0]?.['id'];
    };
    const [mine, ofMine] = [await upload(), await attachmentIn(own)];
    const [theirs, ofOther] = [await upload(tenant.admin), await attachmentIn(other)];
    for (const id of [mine, ofMine]) expect((await bound.get(`/v1/attachments/${id}`)).status).toBe(200);
    for (const id of [theirs, ofOther]) expect((await bound.get(`/v1/attachments/${id}`)).status).toBe(404);
    expect((await tenant.admin.get(`/v1/attachments/${mine}`)).status).toBe(200);
    const reply = await bound.post(`/v1/inboxes/${own['id']}/messages`, {
      to: 'success@simulator.amazonses.com',
      text: 'x',
      attachments: [mine, theirs, ofMine, ofOther].map((id) => ({ id })),
    });
    expect(pathsOf(reply)).toEqual(['attachments[1].id', 'attachments[3].id']);
  });
});
