import { describe, expect, it } from '@jest/globals';
import { forwardSubject, replySubject } from './subject-line.js';

describe(replySubject, () => {
  it.each([
    ['Hello', 'Re: Hello'],
    ['Re: Hello', 'Re: Hello'],
    ['RE: re: Aw: Hello', 'Re: Hello'],
    ['Re[2]: SV: Hello', 'Re: Hello'],
    ['回复：你好', 'Re: 你好'],
    ['Fwd: Hello', 'Re: Fwd: Hello'],
    ['Re: Fwd: Re: Hello', 'Re: Fwd: Re: Hello'],
    ['Regarding: money', 'Re: Regarding: money'],
    ['re-entry', 'Re: re-entry'],
    ['a\r\nBcc: eve@example.com', 'Re: a Bcc: eve@example.com'],
    ['', 'Re:'],
    [null, 'Re:'],
  ])('of %j is %j', (subject, expected) => {
    expect(replySubject(subject)).toBe(expected);
  });

  it('is never longer than a subject may be', () => {
    expect(replySubject('x'.repeat(998))).toHaveLength(998);
    expect(replySubject(`${'x'.repeat(993)}🚀`).isWellFormed()).toBe(true);
  });
});

describe(forwardSubject, () => {
  it.each([
    ['Hello', 'Fwd: Hello'],
    ['Fwd: FW: WG: Hello', 'Fwd: Hello'],
    ['Re: Hello', 'Fwd: Re: Hello'],
    [null, 'Fwd:'],
  ])('of %j is %j', (subject, expected) => {
    expect(forwardSubject(subject)).toBe(expected);
  });
});
