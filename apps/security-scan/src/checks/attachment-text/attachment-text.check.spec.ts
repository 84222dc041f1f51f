import { describe, expect, it } from '@jest/globals';
import { Unreadable } from '../../extract/extraction.js';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import { judge } from '../../verdict/verdict.js';
import { attachmentTextCheck } from './attachment-text.check.js';

const PDF = { filename: 'a.pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n') };
const unread = (reason: Unreadable) =>
  outboundMail({ attachments: [{ ...PDF, extraction: { status: 'unreadable', reason } }] });

describe('documents that could not be read', () => {
  it.each(Unreadable.options)('are told: %s', (reason) => {
    const [found] = attachmentTextCheck.run(unread(reason));
    expect(found).toMatchObject({ method: 'attachment_text', result: 'suspicious' });
    expect(found?.detail).toMatch(/^The text of attachment 1 was not scanned: /);
  });

  it.each([
    ['encrypted', false],
    ['corrupt', false],
    ['too_large', true],
    ['timeout', true],
    ['memory', true],
    ['crashed', true],
  ] as const)('%s: the mail is flagged: %s', (reason, flagged) => {
    expect(judge(unread(reason)).flagged).toBe(flagged);
  });

  it('are told from those that could', () => {
    const mail = outboundMail({
      attachments: [{ ...PDF, extraction: { status: 'read', text: 'x', truncated: false } }],
    });
    expect(attachmentTextCheck.run(mail)).toEqual([]);
  });
});

it('what a document says is scanned like the mail itself', () => {
  const text = `the key is AKIA${'IB3ZQ7RTWYNL4K2M'}`;
  const mail = outboundMail({ attachments: [{ ...PDF, extraction: { status: 'read', text, truncated: false } }] });
  expect(judge(mail).security.detections[0]?.detail).toContain('in text of attachment 1');
});
