import { describe, expect, it } from '@jest/globals';
import { SendMessageBody } from '@postern/contracts';
import { composeMime, textOf } from './compose-mime.js';
import { planGiven } from './send-attachments.js';

async function compose(body: object): Promise<string> {
  const parsed = SendMessageBody.parse({ to: 'Ann <ann@example.com>', subject: 'Hello', text: 'Hi', ...body });
  const mime = await composeMime({
    from: { address: 'agent@postern.test', name: 'Agent Ä' },
    ownMessageId: '<msg_1@postern.test>',
    inReplyTo: parsed.in_reply_to ?? null,
    references: parsed.references ?? [],
    date: new Date('2026-11-21T12:00:00Z'),
    body: parsed,
    text: textOf(parsed),
    attachments: await Promise.all((parsed.attachments ?? []).map(planGiven)),
  });
  return mime.toString('latin1');
}

const headersOf = (mime: string): string => mime.slice(0, mime.indexOf('\r\n\r\n')).replaceAll(/\r\n[ \t]+/g, ' ');

describe(composeMime, () => {
  it('names no Bcc recipient anywhere', async () => {
    expect(await compose({ bcc: ['eve@example.com'] })).not.toContain('eve@');
  });

  it('puts our own id into References, where SES leaves it', async () => {
    const headers = headersOf(await compose({ in_reply_to: '<b@x>', references: ['<a@x>', '<b@x>'] }));
    expect(headers).toContain('References: <a@x> <b@x> <msg_1@postern.test>');
    expect(headers).toContain('In-Reply-To: <b@x>');
    expect(headers).toContain('Message-ID: <msg_1@postern.test>');
  });

  it('is ASCII with short lines, whatever the caller wrote', async () => {
    const mime = await compose({
      subject: 'Grüße 🚀',
      text: `${'ü'.repeat(5000)}\n`,
      html: `<p>${'x'.repeat(5000)}</p>`,
    });
    expect(mime).toMatch(/^[\t\r\n\x20-\x7e]*$/);
    // RFC 5322 §2.1.1: 998 characters, the line end excluded.
    expect(Math.max(...mime.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
  });

  it('carries custom headers and attachments', async () => {
    const mime = await compose({
      headers: { 'X-Case': '42', 'List-Unsubscribe': '<https://example.com/u>' },
      attachments: [{ filename: 'ä.txt', content_type: 'text/plain', content: Buffer.from('data').toString('base64') }],
    });
    expect(headersOf(mime)).toContain('X-Case: 42');
    expect(headersOf(mime)).toContain('List-Unsubscribe: <https://example.com/u>');
    expect(mime).toContain(Buffer.from('data').toString('base64'));
  });
});

describe('a body', () => {
  it.each([
    { subject: 'Hi\r\nBcc: eve@example.com' },
    { to: { address: 'ann@example.com', name: 'Ann\r\nBcc: eve@example.com' } },
    { headers: { 'X-A': 'b\r\nBcc: eve@example.com' } },
    { headers: { Bcc: 'eve@example.com' } },
    { attachments: [{ filename: 'a\r\nb', content: '' }] },
    { in_reply_to: '<a@b>\r\nBcc: eve@example.com' },
  ])('cannot smuggle a header: %j', (body) => {
    expect(SendMessageBody.safeParse({ to: 'a@example.com', text: 'x', ...body }).success).toBe(false);
  });
});

describe(textOf, () => {
  it('is made from the HTML when there is none', () => {
    expect(textOf({ html: '<h1>Title</h1><p>One &amp; two <a href="https://x.test/">link</a></p>' })).toContain(
      'One & two link',
    );
    expect(textOf({ text: '', html: '<p>x</p>' })).toBe('');
  });
});
