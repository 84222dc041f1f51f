import { expect, test } from '@jest/globals';
import { newId } from '@postern/contracts';
import type { MailReport } from '../mail/report.js';
import { mayTell, toldFeedback } from './told-feedback.js';

const AT = new Date('2026-11-21T12:00:00.000Z');
const inboxId = newId('inb');
const recipients = [{ address: 'ann@example.com', status: '5.1.1', diagnostic: null }];
const about = (id: string): MailReport => ({
  about: id,
  news: [{ kind: 'bounced', type: 'Permanent', recipients }],
});

test('our own id names the message', () => {
  const messageId = newId('msg');
  expect(toldFeedback(about(`<${messageId}@agents.example>`), inboxId, AT)).toEqual([
    {
      kind: 'bounced',
      type: 'Permanent',
      subType: null,
      messageId,
      sesMessageId: '',
      attempt: null,
      recipients,
      at: AT.toISOString(),
      toldTo: { inboxId },
    },
  ]);
});

test.each(['email', 'eu-central-1'])("SES's id at %s names the message", (region) => {
  const id = '0100019aa7c2e3f4-5b6c7d8e-0000-4000-8000-9f0a1b2c3d4e-000000';
  expect(toldFeedback(about(`<${id}@${region}.amazonses.com>`), inboxId, AT)).toMatchObject([
    { messageId: null, sesMessageId: id },
  ]);
});

test.each(['<x@example.com>', '<msg_short@example.com>', '<@email.amazonses.com>', '<a@b.evil.amazonses.com>', ''])(
  '%s is no message of ours',
  (id) => {
    expect(toldFeedback(about(id), inboxId, AT)).toEqual([]);
  },
);

test('a bounce comes from nobody, a complaint from somebody who can be believed', () => {
  expect(mayTell('bounced', { mailFrom: '', aligned: false })).toBe(true);
  expect(mayTell('delayed', { mailFrom: 'x@evil.example', aligned: true })).toBe(false);
  expect(mayTell('complained', { mailFrom: 'fbl@isp.example', aligned: true })).toBe(true);
  expect(mayTell('complained', { mailFrom: '', aligned: false })).toBe(false);
});
