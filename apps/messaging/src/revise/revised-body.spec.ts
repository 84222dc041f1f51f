import { describe, expect, it } from '@jest/globals';
import { textOf } from '../send/compose-mime.js';
import { namesRecipients, revisedBody } from './revised-body.js';

const person = (address: string) => ({ address, name: null });
const message = {
  to_list: [person('ann@example.com')],
  cc_list: [person('bob@example.com')],
  bcc_list: [],
  reply_to_list: [person('desk@example.com')],
  subject: 'Old',
  text_body: 'Old words',
  html_body: null,
  custom_headers: { 'X-Case': '42' },
  in_reply_to: '<q@example.com>',
  reference_ids: ['<p@example.com>', '<q@example.com>'],
};
const html = '<p>Old <b>words</b></p>';
const made = { ...message, html_body: html, text_body: textOf({ html }) };

describe(revisedBody, () => {
  it('keeps what the edit leaves out', () => {
    expect(revisedBody(message, { subject: 'New', cc: [] })).toEqual({
      to: message.to_list,
      cc: [],
      bcc: [],
      reply_to: message.reply_to_list,
      subject: 'New',
      text: 'Old words',
      headers: { 'X-Case': '42' },
      in_reply_to: '<q@example.com>',
      references: ['<p@example.com>', '<q@example.com>'],
    });
  });

  it('says nothing that the message did not say', () => {
    const bare = { ...message, subject: null, custom_headers: null, in_reply_to: null, reference_ids: [] };
    expect(Object.keys(revisedBody(bare, { text: 'New' }))).toEqual(['to', 'cc', 'bcc', 'reply_to', 'text']);
  });

  it('lets a text that was made from the HTML follow it', () => {
    const body = revisedBody(made, { html: '<p>New</p>' });
    expect(body).toMatchObject({ html: '<p>New</p>' });
    expect(body).not.toHaveProperty('text');
    expect(textOf(body)).toBe('New');
  });

  it("keeps the sender's own text beside another HTML, and the HTML beside another text", () => {
    const own = { ...made, text_body: 'My own' };
    expect(revisedBody(own, { html: '<p>New</p>' })).toMatchObject({ text: 'My own', html: '<p>New</p>' });
    expect(revisedBody(made, { text: 'New' })).toMatchObject({ text: 'New', html });
  });

  it('takes the HTML away and leaves its text', () => {
    const body = revisedBody(made, { html: null });
    expect(body).not.toHaveProperty('html');
    expect(body.text).toBe(made.text_body);
  });
});

describe(namesRecipients, () => {
  it('is about to, cc and bcc, also when they are emptied', () => {
    expect([{ to: message.to_list }, { cc: [] }, { bcc: [] }].map(namesRecipients)).toEqual([true, true, true]);
    expect(namesRecipients({ subject: 'New', text: 'New', html: null })).toBe(false);
  });
});
