import { describe, expect, it } from '@jest/globals';
import { shownContent } from './shown-content.js';

const MIB = 1024 * 1024;
const shown = (given: { text?: string; html?: string }) =>
  shownContent({ subject: 'Hi', text: given.text ?? null, html: given.html ?? null });

describe(shownContent, () => {
  it('keeps what the sender wrote only where something else is shown', async () => {
    expect(await shown({ text: 'Yes', html: '<p>Yes</p>' })).toEqual({
      subject: 'Hi',
      text: 'Yes',
      html: '<p>Yes</p>',
      originalText: null,
      originalHtml: null,
    });
    expect(await shown({ text: 'Y\u200bes', html: '<p onclick="x">Yes</p>' })).toMatchObject({
      text: 'Yes',
      html: '<p>Yes</p>',
      originalText: 'Y\u200bes',
      originalHtml: '<p onclick="x">Yes</p>',
    });
  });

  it('shows the beginning of a text that is longer than the guard reads, and says so', async () => {
    const { text, originalText } = await shown({ text: `${'a'.repeat(MIB)}b` });
    expect(text?.slice(0, MIB)).toBe('a'.repeat(MIB));
    expect(text?.slice(MIB).trim()).toBe('[The text is cut here. The original of this message, /raw, has all of it.]');
    expect(originalText).toBeNull();
    expect((await shown({ text: 'a'.repeat(MIB) })).text).toHaveLength(MIB);
  });

  it('keeps no more of an original than is ever read of it, and no half characters', async () => {
    const { originalText, originalHtml } = await shown({
      text: `\u200b${'😀'.repeat(MIB)}`,
      html: `<p onclick="x">Yes</p>${'😀'.repeat(MIB)}`,
    });
    expect(originalText?.length).toBeLessThanOrEqual(MIB);
    expect(originalHtml?.length).toBe(MIB + 1);
    expect([originalText?.isWellFormed(), originalHtml?.isWellFormed()]).toEqual([true, true]);
  });
});
