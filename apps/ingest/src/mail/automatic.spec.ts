import { describe, expect, it } from '@jest/globals';
import { readAutomatic } from './automatic.js';
import { readHeaderBlock } from './header-block.js';

const read = (fields: string, body = 'Hello'): string | null => {
  const raw = Buffer.from(`From: ann@example.com\r\n${fields}\r\n\r\n${body}`);
  return readAutomatic(readHeaderBlock(raw), raw, 'ann@example.com');
};

describe('a mail is by a machine', () => {
  it.each([
    ['Auto-Submitted: auto-replied', 'auto_reply'],
    ['auto-submitted: AUTO-GENERATED; type=x', 'auto_reply'],
    ['Auto-Submitted: no', null],
    ['Auto-Submitted: (by hand) No; x=y', null],
    ['Auto-Submitted: no\r\nPrecedence: bulk', null],
    ['X-Autoreply: yes', 'auto_reply'],
    ['X-Autoreply: no', null],
    ['X-Autorespond: Out of office', 'auto_reply'],
    ['Precedence: auto_reply', 'auto_reply'],
    ['Precedence: bulk', 'auto_reply'],
    ['Precedence: list', null],
    ['X-Auto-Response-Suppress: All', null],
    ['Subject: Auto-Submitted: auto-replied', null],
    ['Content-Type: multipart/report; report-type=disposition-notification; boundary=x', 'report'],
    ['Content-Type: text/plain', null],
  ])('%s: %s', (fields, expected) => {
    expect(read(fields)).toBe(expected);
  });

  it.each([
    ['failed', 'bounce'],
    ['delayed', 'report'],
    ['delivered', 'report'],
  ])('a delivery status that says %s is a %s', (action, expected) => {
    const type = 'Content-Type: multipart/report;\r\n boundary="x"; report-type="delivery-status"';
    const body = `--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\nAction: ${action}\r\n--x--`;
    expect(read(`Auto-Submitted: auto-replied\r\n${type}`, body)).toBe(expected);
  });
});
