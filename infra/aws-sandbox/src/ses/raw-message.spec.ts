import { describe, expect, test } from '@jest/globals';
import { asSent, headerValue, readRawMessage } from './raw-message.js';

const AT = new Date('2026-11-21T12:00:00Z');
const rewrite = (text: string): string =>
  asSent(readRawMessage(Buffer.from(text, 'latin1')), '<new@email.amazonses.com>', AT).toString('latin1');

describe('readRawMessage', () => {
  test('unfolds values and finds names in any case', () => {
    const message = readRawMessage(Buffer.from('FROM: a@b.c\r\nSubject: one\r\n two\r\n\tthree\r\n\r\nFrom: body'));
    expect(headerValue(message, 'subject')).toBe('one two\tthree');
    expect(message.fields.map(({ name }) => name)).toEqual(['FROM', 'Subject']);
    expect(message.rest.toString()).toBe('\r\nFrom: body');
  });

  test.each([
    [
      'a once-only header twice, in other case',
      'From: a@b.c\nReply-To: x@y.z\nREPLY-TO: x@y.z\n\n',
      /Duplicate header 'REPLY-TO'/,
    ],
    ['a line that is no header', 'From: a@b.c\nno header\n\n', /Empty header names/],
    ['a first line that continues nothing', ' x\nFrom: a@b.c\n\n', /Empty header names/],
    ['no headers at all', '\r\nbody', /'From'/],
    ['nothing', '', /'From'/],
  ])('refuses %s', (_, text, message) => {
    expect(() => readRawMessage(Buffer.from(text))).toThrow(message);
  });

  test('To and Received may come often', () => {
    expect(
      readRawMessage(Buffer.from('From: a@b.c\nTo: x@y.z\nTo: x@y.z\nReceived: 1\nReceived: 2\n')).fields,
    ).toHaveLength(5);
  });
});

describe('asSent', () => {
  test('replaces Message-ID and Date, drops what was meant for SES, keeps every other octet', () => {
    const sent = rewrite(
      'message-id: <mine@x>\r\nFrom: a@b.c\r\nX-SES-MESSAGE-TAGS: a=b,\r\n c=d\r\nSubject: \xfc\r\n  folded\r\nDate: x\r\n\r\nb\xffdy\r\n',
    );
    expect(sent).toBe(
      'From: a@b.c\r\nSubject: \xfc\r\n  folded\r\nMessage-ID: <new@email.amazonses.com>\r\n' +
        'Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n\r\nb\xffdy\r\n',
    );
  });

  test('ends a header section that the message left open', () => {
    expect(rewrite('From: a@b.c')).toMatch(/^From: a@b\.c\r\nMessage-ID: .*\r\nDate: .*\r\n$/);
  });
});
