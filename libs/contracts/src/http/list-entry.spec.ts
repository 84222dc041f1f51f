import { describe, expect, it } from '@jest/globals';
import { CreateListEntryBody } from './list-entry.js';

const given = { kind: 'block', direction: 'send', pattern: 'example.com' };
const patternOf = (pattern: string) => CreateListEntryBody.safeParse({ ...given, pattern }).data?.pattern;

describe('an entry of a list', () => {
  it.each([
    ['Ann@Example.COM', 'ann@example.com'],
    ['info@Bücher.example', 'info@xn--bcher-kva.example'],
    ['Example.com', 'example.com'],
    ['*.BÜCHER.example', '*.xn--bcher-kva.example'],
  ])('keeps %s as %s, and that as it is', (pattern, kept) => {
    expect(patternOf(pattern)).toBe(kept);
    expect(patternOf(kept)).toBe(kept);
  });

  it.each([
    '',
    '*',
    '@example.com',
    '*@example.com',
    'ann@*.example.com',
    'Ann <ann@example.com>',
    'a b@example.com',
    'x'.repeat(256),
  ])('refuses the pattern %j', (pattern) => {
    expect(patternOf(pattern)).toBeUndefined();
  });

  it('asks for a proven sender only where it lets mail in', () => {
    const asks = (more: object) => CreateListEntryBody.safeParse({ ...given, ...more, require_aligned: true }).success;
    expect(asks({ kind: 'allow', direction: 'receive' })).toBe(true);
    expect(asks({ direction: 'receive' })).toBe(false);
    expect(asks({ kind: 'allow' })).toBe(false);
    expect(asks({ kind: 'allow', direction: 'reply' })).toBe(false);
  });
});
