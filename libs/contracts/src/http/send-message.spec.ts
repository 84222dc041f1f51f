import { describe, expect, it } from '@jest/globals';
import { SendMessageBody } from './send-message.js';

const pathsOf = (body: unknown): string[] =>
  (SendMessageBody.safeParse(body).error?.issues ?? []).map(({ path }) => path.join('.'));

describe('a body', () => {
  it('is told all its problems at once, those over several fields too', () => {
    expect(
      pathsOf({
        to: ['nobody', ...Array.from({ length: 50 }, (_, n) => `a${n}@example.com`)],
        subject: 'a\r\nb',
        headers: { Bcc: 'x', 'X-SES-CONFIGURATION-SET': 'x', 'X-Ok': 'a\nb' },
        labels: [''],
        undo_seconds: -1,
        thread_id: 'thr_1',
      }).toSorted(),
    ).toEqual([
      'headers.Bcc',
      'headers.X-Ok',
      'headers.X-SES-CONFIGURATION-SET',
      'labels.0',
      'subject',
      'text',
      'thread_id',
      'to',
      'to.0',
      'undo_seconds',
    ]);
    expect(pathsOf({})).toEqual(['to', 'text']);
    expect(pathsOf([])).toEqual(['']);
  });

  it('may name 50 recipients over to, cc and bcc, and not one more', () => {
    const some = (count: number) => Array.from({ length: count }, (_, n) => `a${n}@example.com`);
    const body = { to: some(20), cc: some(20), bcc: some(10), text: 'x' };
    expect(pathsOf(body)).toEqual([]);
    expect(pathsOf({ ...body, bcc: some(11) })).toEqual(['to']);
  });

  it('has lines that fit: no header that cannot be folded', () => {
    const body = { to: 'ann@example.com', text: 'x' };
    expect(pathsOf({ ...body, subject: 's'.repeat(998) })).toEqual([]);
    expect(pathsOf({ ...body, subject: 's'.repeat(999) })).toEqual(['subject']);
    expect(pathsOf({ ...body, headers: { 'X-Long': 'v'.repeat(998) } })).toEqual(['headers.X-Long']);
    expect(pathsOf({ ...body, headers: { 'X-One': '1', 'x-one': '2' } })).toEqual(['headers']);
    expect(pathsOf({ ...body, in_reply_to: `<${'i'.repeat(996)}>` })).toEqual(['in_reply_to']);
    expect(pathsOf({ ...body, references: ['<a@b>', '<ü@b>', '<a b@c>'] })).toEqual(['references.1', 'references.2']);
  });

  it.each([
    { subject: 'Hi\r\nBcc: eve@example.com' },
    { to: { address: 'ann@example.com', name: 'Ann\r\nBcc: eve@example.com' } },
    { to: 'Ann\r\nBcc: eve@example.com <ann@example.com>' },
    { reply_to: 'ann@example.com\nBcc: eve@example.com' },
    { headers: { 'X-A': 'b\r\nBcc: eve@example.com' } },
    { headers: { 'X-A\r\nBcc': 'eve@example.com' } },
    { headers: { Bcc: 'eve@example.com' } },
    { attachments: [{ filename: 'a\r\nb', content: '' }] },
    { attachments: [{ filename: 'a', content: '', content_id: 'x>\r\nBcc: eve@example.com' }] },
    { attachments: [{ filename: 'a', content: '', content_type: 'text/plain\r\nBcc: eve@example.com' }] },
    { in_reply_to: '<a@b>\r\nBcc: eve@example.com' },
    { references: ['<a@b>\n<c@d>'] },
  ])('cannot smuggle a header: %j', (body) => {
    expect(pathsOf({ to: 'a@example.com', text: 'x', ...body })).not.toEqual([]);
  });
});
