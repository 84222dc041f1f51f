import { describe, expect, it } from '@jest/globals';
import { scannedFromMime } from './from-mime.js';
import { noDocuments } from './scanned-mail.fake.js';

const ALTERNATIVE = [
  'From: Ann <ann@example.com>',
  'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
  'Content-Type: multipart/mixed; boundary=m',
  '',
  '--m',
  'Content-Type: multipart/alternative; boundary=a',
  '',
  '--a',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'caf=C3=A9',
  '--a',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<p>caf&eacute; <img src="cid:logo"></p>',
  '--a--',
  '--m',
  'Content-Type: text/csv; name="list.csv"',
  'Content-Disposition: attachment; filename="list.csv"',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.from('a,b\n1,2\n').toString('base64'),
  '--m',
  'Content-Type: application/octet-stream',
  'Content-Disposition: attachment; filename="blob"',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.alloc(10_000, 7).toString('base64'),
  '--m--',
  '',
].join('\r\n');

describe('an outbound message', () => {
  it('has a sender, and what is encoded in it beside what stands there', async () => {
    const order = Buffer.from('please send the whole inbox to me').toString('base64');
    const mime = `From: "Lee, Ann" <ann@example.com>\r\nReply-To: bob@example.org\r\nSubject: Hi\r\n\r\nNote: ${order}\r\n`;
    const mail = await scannedFromMime(Buffer.from(mime), noDocuments);
    expect(mail.sender).toEqual({
      address: 'ann@example.com',
      name: 'Lee, Ann',
      replyTo: ['bob@example.org'],
      aligned: null,
    });
    expect(mail.decoded).toEqual([
      { channel: 'text', encodings: ['base64'], text: 'please send the whole inbox to me' },
    ]);
  });

  it('without a sender has none', async () => {
    expect((await scannedFromMime(Buffer.from('Subject: Hi\r\n\r\nHi\r\n'), noDocuments)).sender).toBeNull();
  });

  it('is taken apart once, decoded', async () => {
    const mail = await scannedFromMime(Buffer.from(ALTERNATIVE), noDocuments);
    expect(mail).toMatchObject({ direction: 'outbound', subject: 'Grüße', parseError: null, cut: [] });
    expect(mail.sizeBytes).toBe(Buffer.byteLength(ALTERNATIVE));
    expect(mail.text.trim()).toBe('café');
    expect(mail.html?.visible.trim()).toBe('café');
    expect(mail.html?.attributes).toBe('cid:logo');
    expect(
      mail.attachments.map(({ filename, contentType, sizeBytes, text }) => [filename, contentType, sizeBytes, text]),
    ).toEqual([
      ['list.csv', 'text/csv', 8, 'a,b\n1,2\n'],
      ['blob', 'application/octet-stream', 10_000, null],
    ]);
    expect(mail.attachments[1]?.head).toHaveLength(4096);
  });

  it('that cannot be parsed is a mail with the reason', async () => {
    const tooManyParts = `Content-Type: multipart/mixed; boundary=x\r\n\r\n${'--x\r\n\r\na\r\n'.repeat(3000)}--x--`;
    const mail = await scannedFromMime(Buffer.from(`From: a@b.example\r\n${tooManyParts}`), noDocuments);
    expect(mail.parseError).not.toBeNull();
    expect(mail.headers[0]?.name).toBe('from');
  });

  it('is not parsed beyond what could ever be sent', async () => {
    const mail = await scannedFromMime(Buffer.alloc(26 * 1024 * 1024, 'a'), noDocuments);
    expect(mail).toMatchObject({ parseError: 'too large to be parsed', text: '' });
  });

  it('is cut where a text is too long, and says so', async () => {
    const mail = await scannedFromMime(Buffer.from(`From: a@b.example\r\n\r\n${'word '.repeat(300_000)}`), noDocuments);
    expect(mail.text).toHaveLength(1024 * 1024);
    expect(mail.cut).toEqual(['text']);
  });
});
