import { describe, expect, it } from '@jest/globals';
import { HIT_BEGINS, HIT_ENDS } from '../store/highlight.store.js';
import { highlightsOf, passagesOf } from './highlight.js';
import { joined } from './indexed-text.js';

const message = {
  id: 'msg_1',
  subject: 'Hi',
  from: { address: 'ann@example.com', name: 'Ann' },
  text: null as string | null,
  html: null as string | null,
  attachments: [{ filename: 'a.txt' }],
};

describe(passagesOf, () => {
  it('takes of a long text what is around the first hit', () => {
    const text = `${'before '.repeat(5_000)}Invoices were paid ${'after '.repeat(5_000)}`;
    const passages = passagesOf({ ...message, text }, ['a part'], ['invoic', 'unseen']);
    const passage = passages.find(({ field }) => field === 'text');
    expect(passage?.text.length).toBeLessThanOrEqual(4_000);
    expect(passage?.text).toContain('Invoices were paid');
    expect(passages.map(({ field }) => field)).toEqual(['subject', 'from', 'text', 'attachments', 'attachment_text']);
  });

  it('takes HTML where only that has the hit', () => {
    const both = { ...message, text: 'See below', html: '<p>The <b>invoice</b>\n is late</p>' };
    const shown = (lexeme: string): string | undefined =>
      passagesOf(both, [], [lexeme]).find(({ field }) => field === 'text')?.text;
    expect(shown('invoic')).toBe('The invoice is late');
    expect(shown('below')).toBe('See below');
    expect(shown('unseen')).toBe('See below');
  });

  it('rids texts of the marks that are ours', () => {
    const [subject] = passagesOf({ ...message, subject: `a${HIT_BEGINS}b` }, [], []);
    expect(joined(subject?.text ?? '')).toBe('ab');
  });

  it('knows a message without a subject', () => {
    expect(passagesOf({ ...message, subject: null }, [], [])[0]?.field).toBe('from');
  });
});

describe(highlightsOf, () => {
  it('makes HTML text of what was found, and of nothing else', () => {
    const passages = passagesOf(message, [], []);
    const pieces = passages.map(({ field }) => (field === 'from' ? [`<i>${HIT_BEGINS}Ann${HIT_ENDS}</i> & "co"`] : []));
    expect(highlightsOf(passages, pieces)).toEqual(
      new Map([['msg_1', { from: ['&lt;i&gt;<mark>Ann</mark>&lt;/i&gt; &amp; &quot;co&quot;'] }]]),
    );
  });
});
