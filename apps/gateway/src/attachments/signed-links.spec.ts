import { describe, expect, it } from '@jest/globals';
import { newId } from '@postern/contracts';
import { SignedLinks } from './signed-links.js';

const NOW = Date.UTC(2026, 10, 21, 12);
const HOUR_MS = 3_600_000;
const id = newId('att');
const tenant = { organizationId: newId('org'), mode: 'live' as const };
const links = new SignedLinks({ POSTERN_ROOT_KEY: 'root-key-of-the-tests-0123456789abcdef' });
const token = links.tokenFor(id, tenant, NOW);

/** Another token in every place: each part changed, left out, or of another link. */
const forged = (): string[] => {
  const [ends, mode, organization, signature] = token.split('.') as [string, string, string, string];
  return [
    '',
    '.',
    '...',
    signature,
    token.slice(0, -1),
    `${token}A`,
    `${Number(ends) + 1}.${mode}.${organization}.${signature}`,
    `${ends}.test.${organization}.${signature}`,
    `${ends}.${mode}.${newId('org')}.${signature}`,
    `${ends}.${mode}.${organization}.`,
    `${ends}.${mode}.${organization}.${Buffer.alloc(32).toString('base64url')}`,
    links.tokenFor(newId('att'), tenant, NOW),
    new SignedLinks({ POSTERN_ROOT_KEY: 'another-root-key-of-the-tests-0123456' }).tokenFor(id, tenant, NOW),
  ];
};

describe(SignedLinks, () => {
  it('opens what it names, for an hour', () => {
    expect(links.check(id, token, NOW)).toEqual(tenant);
    expect(links.check(id, token, NOW + HOUR_MS - 1)).toEqual(tenant);
    expect(() => links.check(id, token, NOW + HOUR_MS)).toThrow('link has ended');
  });

  it('opens nothing else', () => {
    for (const other of forged()) expect(() => links.check(id, other, NOW)).toThrow('link has ended');
  });

  it('is signed by its own secret where there is one', () => {
    const own = { POSTERN_ROOT_KEY: 'x'.repeat(32), GATEWAY_LINK_SECRET: 'a-secret-for-links-0123456789abcdef' };
    const replica = new SignedLinks({ ...own, POSTERN_ROOT_KEY: 'y'.repeat(32) });
    expect(replica.check(id, new SignedLinks(own).tokenFor(id, tenant, NOW), NOW)).toEqual(tenant);
    expect(() => replica.check(id, token, NOW)).toThrow('link has ended');
  });
});
