import { describe, expect, it } from '@jest/globals';
import { DomainPattern, patternsFitting } from './domain-pattern.js';

describe('a domain pattern', () => {
  it.each([
    ['Example.COM', 'example.com'],
    ['example.com.', 'example.com'],
    ['*.Example.com', '*.example.com'],
    ['*.example', '*.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['*.bücher.example', '*.xn--bcher-kva.example'],
  ])('%s is kept as %s', (given, kept) => {
    expect(DomainPattern.parse(given)).toBe(kept);
    expect(DomainPattern.parse(kept)).toBe(kept);
  });

  it.each(['', '*', '*.', 'example', 'ann@example.com', '*.*.example', 'a.*.example', 'exa mple.com', '.example.com'])(
    '%j is none',
    (given) => {
      expect(DomainPattern.safeParse(given).success).toBe(false);
    },
  );

  it('fits a name, or what is below it, and never both', () => {
    expect(patternsFitting('mail.example.com')).toEqual(['mail.example.com', '*.example.com', '*.com']);
    expect(patternsFitting('example.com')).not.toContain('*.example.com');
  });
});
