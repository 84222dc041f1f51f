import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { parseMail } from './parse-mail.js';
import { type MailReport, readReport } from './report.js';

const part = (contentType: string, text: string) => ({ contentType, bytes: Buffer.from(text.replace(/\n/g, '\r\n')) });
const RETURNED = part('text/rfc822-headers', 'From: a@x.test\nMessage-ID: <one@x.test>\n');
const status = (...recipients: string[]) =>
  part('message/delivery-status', ['Reporting-MTA: dns; mx.test', ...recipients].join('\n\n'));
const bounce = (fields: string): MailReport | null =>
  readReport([part('text/plain', 'Sorry'), status(fields), RETURNED]);

describe('a delivery status', () => {
  it('tells who was not reached, and why', () => {
    const read = bounce(
      'Original-Recipient: rfc822;Ann@example.com\nFinal-Recipient: rfc822; box17@example.com\nAction: Failed\nStatus: 5.1.1 (unknown)\nDiagnostic-Code: smtp; 550 5.1.1\n no such user',
    );
    expect(read).toEqual({
      about: '<one@x.test>',
      news: [
        {
          kind: 'bounced',
          type: 'Permanent',
          recipients: [{ address: 'Ann@example.com', status: '5.1.1', diagnostic: 'smtp; 550 5.1.1  no such user' }],
        },
      ],
    });
  });

  it.each([
    ['5.1.1', 'Permanent'],
    ['5.1.10', 'Permanent'],
    ['5.2.1', 'Permanent'],
    ['5.2.2', 'Undetermined'],
    ['5.7.1', 'Undetermined'],
    ['5.0.0', 'Undetermined'],
    ['4.4.7', 'Transient'],
    ['what', 'Undetermined'],
  ])('%s is %s: only an address that is none is final', (code, type) => {
    const read = bounce(`Final-Recipient: rfc822;ann@example.com\nAction: failed\nStatus: ${code}`);
    expect(read?.news).toMatchObject([{ kind: 'bounced', type }]);
  });

  it('tells of each recipient apart', () => {
    const of = (name: string, action: string, code: string): string =>
      `Final-Recipient: rfc822; <${name}@example.com>\nAction: ${action}\nStatus: ${code}`;
    const groups = [of('a', 'failed', '5.1.1'), of('b', 'delayed', '4.2.2'), of('c', 'failed', '5.1.1')];
    expect(readReport([status(...groups, of('d', 'delivered', '2.0.0')), RETURNED])?.news).toMatchObject([
      { kind: 'bounced', type: 'Permanent', recipients: [{ address: 'a@example.com' }, { address: 'c@example.com' }] },
      { kind: 'delayed', recipients: [{ address: 'b@example.com' }] },
    ]);
  });

  it.each([
    ['no failure', [status('Final-Recipient: rfc822;a@x.test\nAction: relayed\nStatus: 2.0.0'), RETURNED]],
    ['no recipient', [status('Action: failed\nStatus: 5.1.1'), RETURNED]],
    ['nothing returned', [status('Final-Recipient: rfc822;a@x.test\nAction: failed')]],
    ['no id', [status('Final-Recipient: rfc822;a@x.test\nAction: failed'), part('message/rfc822', 'From: x\n\nHi')]],
    ['no status', [RETURNED]],
  ])('with %s tells nothing', (_, parts) => {
    expect(readReport(parts)).toBeNull();
  });

  it('of thousands of recipients is read up to a limit', () => {
    const many = Array.from({ length: 5_000 }, (_, n) => `Final-Recipient: rfc822;a${n}@x.test\nAction: failed`);
    expect(readReport([status(...many), RETURNED])?.news[0]?.recipients).toHaveLength(100);
  });
});

describe('a complaint', () => {
  const about = part('message/rfc822', 'Message-ID: <one@x.test>\n\nHi');

  it('tells who complains', () => {
    const told = part('message/feedback-report', 'Feedback-Type: abuse\nOriginal-Rcpt-To: <ann@example.com>\n');
    expect(readReport([told, about])?.news).toEqual([
      {
        kind: 'complained',
        type: 'abuse',
        recipients: [{ address: 'ann@example.com', status: null, diagnostic: null }],
      },
    ]);
  });

  it('of nobody tells nothing', () => {
    expect(readReport([part('message/feedback-report', 'Feedback-Type: abuse\n'), about])).toBeNull();
  });
});

const CORPUS = join(import.meta.dirname, '../../../../../shared/corpus/mime');
const corpus = existsSync(CORPUS) ? test : test.skip;

corpus(
  'the reports of the corpus are read as other mail servers wrote them',
  async () => {
    const told: Record<string, number> = {};
    for (const file of readdirSync(CORPUS).filter((name) => name.endsWith('.eml'))) {
      const report = readReport((await parseMail(readFileSync(join(CORPUS, file)))).attachments);
      for (const { kind, type } of report?.news ?? []) told[`${kind} ${type}`] = (told[`${kind} ${type}`] ?? 0) + 1;
    }
    // The other reports return no header of the message, or are in forms from before RFC 3464.
    expect(told).toEqual({
      'bounced Permanent': 7,
      'bounced Transient': 4,
      'bounced Undetermined': 18,
      'delayed Undetermined': 3,
      'complained abuse': 2,
    });
  },
  60_000,
);
