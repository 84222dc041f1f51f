import { describe, expect, it } from '@jest/globals';
import { CreateDomainBody } from './domain.js';

describe('the name of a domain', () => {
  it.each([
    ['Example.COM', 'example.com'],
    ['example.com.', 'example.com'],
    ['mail.example.co.uk', 'mail.example.co.uk'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('%s is %s', (name, ascii) => {
    expect(CreateDomainBody.parse({ name })).toEqual({ name: ascii });
  });

  it.each([
    '',
    '.',
    'example',
    'a@example.com',
    'example..com',
    'example.com..',
    ' example.com',
    '127.0.0.1',
    '[127.0.0.1]',
    'exa mple.com',
    '-a.example.com',
    '*.example.com',
    'example.com/x',
    'example.com\nx.com',
    `${'a'.repeat(60)}.`.repeat(4) + 'com',
  ])('%j is none', (name) => {
    expect(CreateDomainBody.safeParse({ name }).success).toBe(false);
  });
});
