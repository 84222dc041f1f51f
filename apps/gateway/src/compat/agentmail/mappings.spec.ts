import { describe, expect, it } from '@jest/globals';
import type { MessageJson } from '../get-message.js';
import { statusOf } from './domains.js';
import { labelsAfter } from './drafts.js';
import type { DraftJson } from './find-draft.js';
import { mergedMetadata } from './inboxes.js';
import { plainHighlight, startsWords } from './search.js';
import { SendAttachment } from './send-body.js';
import { sentReply } from './sends.js';
import { headersAfter } from './webhook.js';

describe(mergedMetadata, () => {
  const before = { a: '1', b: '2', agentmail_client_id: 'own' };
  it.each([
    [
      { b: null, c: '3' },
      { a: '1', c: '3', agentmail_client_id: 'own' },
    ],
    [null, { agentmail_client_id: 'own' }],
  ])('by %j', (change, after) => {
    expect(mergedMetadata(before, change)).toEqual(after);
  });
});

describe(sentReply, () => {
  const message = (delivery_status: string): MessageJson =>
    ({
      id: 'msg_1',
      thread_id: 'thr_1',
      delivery_status,
      security: { summary: 'Lists refuse it.' },
      recipients: [{ address: 'a@example.com', reason: 'block_list' }],
    }) as unknown as MessageJson;

  it.each([
    ['queued', 200],
    ['sent', 200],
    ['held', 202],
    ['scheduled', 202],
  ])('of a %s message is %i', (status, code) => {
    expect(sentReply(message(status))).toEqual({ status: code, body: { message_id: 'msg_1', thread_id: 'thr_1' } });
  });

  it('of a rejected message is a refusal', () => {
    expect(() => sentReply(message('rejected'))).toThrow(
      'msg_1 was not sent. Lists refuse it. a@example.com: block_list.',
    );
  });
});

describe('an attachment', () => {
  it.each([
    [{ content: 'eA==' }, { filename: 'attachment', content: 'eA==' }],
    [
      { filename: 'a.png', content: 'eA==', content_disposition: 'inline', content_id: 'a' },
      { filename: 'a.png', content: 'eA==', content_id: 'a' },
    ],
  ])('%j is sent', (given, sent) => {
    expect(SendAttachment.parse(given)).toEqual(sent);
  });

  it.each([
    { url: 'https://example.com/a' },
    { content: 'eA==', content_disposition: 'inline' },
    { content: 'eA==', content_disposition: 'attachment', content_id: 'a' },
    { content: 'eA==', colour: 'red' },
  ])('%j is refused', (given) => {
    expect(SendAttachment.safeParse(given).success).toBe(false);
  });
});

describe(labelsAfter, () => {
  const draft = { labels: ['a', 'b'] } as DraftJson;
  it.each([
    [{}, undefined],
    [{ add_labels: 'c' }, ['a', 'b', 'c']],
    [{ add_labels: ['a'], remove_labels: ['b'] }, ['a']],
  ])('%j', (change, labels) => {
    expect(labelsAfter(draft, change)).toEqual(labels);
  });
});

describe(headersAfter, () => {
  it('sets, replaces and removes in any case', () => {
    const change = { headers: { 'x-b': '3' }, remove_headers: ['X-a'] };
    expect(headersAfter({ 'X-A': '1', 'X-B': '2', 'X-C': '4' }, change)).toEqual({ 'X-C': '4', 'x-b': '3' });
  });
});

describe(statusOf, () => {
  const domain = (sending_status: string, receiving_status: string, status = 'missing') =>
    ({ sending_status, receiving_status, records: [{ status }] }) as never;
  it.each([
    [domain('verified', 'verified'), 'VERIFIED'],
    [domain('verified', 'pending'), 'PENDING'],
    [domain('pending', 'pending', 'invalid'), 'INVALID'],
    [domain('pending', 'failed'), 'FAILED'],
  ])('%# is %s', (given, status) => {
    expect(statusOf(given)).toBe(status);
  });
});

describe('a search', () => {
  it('shows hits in plain text', () => {
    expect(plainHighlight('a &lt;b&gt; <mark>rose</mark> &amp;amp; fell')).toBe('a <b> **rose** &amp; fell');
  });

  it.each([
    ['sup', true],
    ['ann sup', true],
    ['port', false],
    ['support@example', true],
  ])('for %s finds the beginnings of words: %s', (query, found) => {
    expect(startsWords(query, 'support@example.com Ann')).toBe(found);
  });
});
