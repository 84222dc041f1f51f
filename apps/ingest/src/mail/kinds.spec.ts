import { describe, expect, it, test } from '@jest/globals';
import { readKinds } from './kinds.js';
import { parseMail } from './parse-mail.js';

async function kindsOf(fields: string, body = 'Hello', mailFrom = 'ann@example.com'): Promise<unknown> {
  const raw = Buffer.from(`From: ann@example.com\r\n${fields}\r\n\r\n${body}`);
  const { attachments } = await parseMail(raw);
  return readKinds(
    raw,
    mailFrom,
    attachments.map(({ contentType }) => contentType),
  ).kinds;
}

const report = (type: string): string => `Content-Type: multipart/report; boundary=x;\r\n report-type="${type}"`;

describe('a mail is', () => {
  it.each([
    ['a letter', 'Subject: Hello', []],
    ['an auto-reply', 'Auto-Submitted: auto-replied', ['auto_reply']],
    ['a read receipt', report('disposition-notification'), ['read_receipt']],
    ['a complaint', report('Feedback-Report'), ['complaint']],
    ['news of a delivery', report('delivery-status'), ['delivery_report']],
    ['another report', report('tlsrpt'), ['report']],
    ['a report of no kind', report('constructor'), ['report']],
    ['list mail', 'List-Id: <list.example.com>', ['list']],
    ['a newsletter', 'List-Unsubscribe: <https://example.com/u>\r\nPrecedence: bulk', ['auto_reply', 'list']],
    ['list mail by its precedence', 'Precedence: list', ['list']],
    ['no list by the name alone', 'X-List-Id: <list.example.com>', []],
  ])('%s', async (_, fields, kinds) => {
    expect(await kindsOf(fields)).toEqual(kinds);
  });

  it('a bounce', async () => {
    const body =
      '--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nAction: failed\r\n--x--';
    expect(await kindsOf(report('delivery-status'), body)).toEqual(['bounce']);
  });

  it('an invitation', async () => {
    const body =
      '--x\r\n\r\nCome\r\n--x\r\nContent-Type: Text/Calendar; method=REQUEST\r\n\r\nBEGIN:VCALENDAR\r\n--x--';
    expect(await kindsOf('Content-Type: multipart/alternative; boundary=x', body)).toEqual(['calendar']);
    expect(await kindsOf('Content-Type: text/calendar; method=REQUEST', 'BEGIN:VCALENDAR')).toEqual(['calendar']);
  });
});

test('what comes from nobody is by a machine, whatever it says of itself', async () => {
  expect(await kindsOf('Subject: Automatic reply: Hello', 'Away', '')).toEqual(['auto_reply']);
  expect(await kindsOf('Auto-Submitted: no', 'Away', '')).toEqual(['auto_reply']);
  expect(await kindsOf(report('disposition-notification'), 'Read', '')).toEqual(['read_receipt']);
});
