import { describe, expect, it } from '@jest/globals';
import { outboundMail, type FakeMail } from '../../normalise/scanned-mail.fake.js';
import { mimeStructureCheck } from './mime-structure.check.js';

const run = (mail: FakeMail) => mimeStructureCheck.run(outboundMail(mail));
const FROM = 'From: Ann <ann@example.com>\n';

describe('the structure of a message', () => {
  it.each<[string, FakeMail, RegExp, number]>([
    ['two From headers', { headers: `${FROM}${FROM}` }, /from stands 2 times/, 0.9],
    ['two addresses in From', { headers: 'From: Ann <a@b.example>, <c@d.example>\n' }, /names 2 addresses/, 0.6],
    ['no From header', { headers: 'To: a@b.example\n' }, /no From/, 0.5],
    ['two content types', { headers: `${FROM}Content-Type: a/b\ncontent-type: c/d\n` }, /content-type stands 2/, 0.7],
    ['a Bcc header that leaves', { headers: `${FROM}Bcc: boss@example.com\n` }, /Bcc/, 0.9],
    ['NUL in a header', { headers: `${FROM}X: a\0b\n` }, /NUL/, 0.7],
    ['a very long line', { headers: `${FROM}X: ${'x'.repeat(1000)}\n` }, /longer than 998/, 0.2],
    ['very many headers', { headers: FROM + 'X: 1\n'.repeat(400) }, /401 header fields/, 0.6],
    ['too many octets', { sizeBytes: 11 * 1024 * 1024 }, /octets/, 0.6],
    ['what is no MIME', { parseError: 'broken' }, /cannot be read/, 0.9],
    [
      'too many attachments',
      {
        attachments: Array.from({ length: 101 }, () => ({
          filename: 'a',
          contentType: 'a/b',
          bytes: Buffer.from('a'),
        })),
      },
      /101 attachments/,
      0.6,
    ],
  ])('shows %s', (_, mail, detail, confidence) => {
    expect(run(mail)).toEqual([
      { method: 'mime_structure', result: 'suspicious', confidence, detail: expect.stringMatching(detail) },
    ]);
  });

  it('is fine in a plain mail, quoted names with addresses in them too', () => {
    expect(run({})).toEqual([]);
    expect(run({ headers: 'From: "x <y@z.example>" <ann@example.com>\n' })).toEqual([]);
  });

  it('may have a Bcc header and more octets when it comes in', () => {
    expect(run({ direction: 'inbound', sizeBytes: 11 * 1024 * 1024, headers: `${FROM}Bcc: a@b.example\n` })).toEqual(
      [],
    );
  });
});
