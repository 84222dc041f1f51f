import { Resolver } from 'node:dns/promises';
import {
  GetIdentityDkimAttributesCommand,
  GetIdentityVerificationAttributesCommand,
  VerifyDomainDkimCommand,
  VerifyDomainIdentityCommand,
} from '@aws-sdk/client-ses';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startFixture } from './fixture.js';
import type { Fixture } from './fixture.js';

let fixture: Fixture;
let resolver: Resolver;

beforeAll(async () => {
  fixture = await startFixture();
  resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([new URL(fixture.sandbox.url).host]);
});
afterAll(() => fixture.stop());

const codeOf = (lookUp: Promise<unknown>): Promise<unknown> =>
  lookUp.then(
    () => 'an answer',
    (error: unknown) => (error as { code?: unknown }).code,
  );

test('answers with the records that it is told, and knows nothing else', async () => {
  const long = 'x'.repeat(300);
  const { status } = await fixture.call('POST', '/dns', {
    records: [
      { type: 'TXT', name: 'Told.Example.', value: 'one', purpose: 'ignored' },
      { type: 'TXT', name: 'told.example', value: long },
      { type: 'MX', name: 'told.example', value: '10 mx.told.example' },
      { type: 'CNAME', name: 'alias.told.example', value: 'told.example' },
    ],
  });
  expect(status).toBe(200);
  const texts = await resolver.resolveTxt('TOLD.example');
  expect(texts.map((chunks) => chunks.join('')).sort()).toEqual(['one', long]);
  expect(await resolver.resolveMx('told.example')).toMatchObject([{ priority: 10, exchange: 'mx.told.example' }]);
  expect(await resolver.resolveCname('alias.told.example')).toEqual(['told.example']);
  expect((await resolver.resolveTxt('alias.told.example')).length).toBe(2);
  expect(await codeOf(resolver.resolveMx('example'))).toBe('ENODATA');
  expect(await codeOf(resolver.resolveTxt('untold.example'))).toBe('ENOTFOUND');
  await fixture.call('DELETE', '/dns?domain=told.example');
  expect(await codeOf(resolver.resolveTxt('told.example'))).toBe('ENOTFOUND');
});

test('fails for a name and all below it when it is told to', async () => {
  await fixture.call('POST', '/dns/faults', { name: 'broken.example', answer: 'servfail' });
  expect(await codeOf(resolver.resolveTxt('a.broken.example'))).toBe('ESERVFAIL');
  await fixture.call('POST', '/dns/faults', { name: 'broken.example', answer: null });
  expect(await codeOf(resolver.resolveTxt('a.broken.example'))).toBe('ENOTFOUND');
});

test.each([
  {},
  { records: [{ type: 'A', name: 'a.example', value: '127.0.0.1' }] },
  { records: [{ type: 'MX', name: 'a', value: 'x' }] },
])('refuses %j', async (body) => {
  expect((await fixture.call('POST', '/dns', body)).status).toBe(422);
});

test('SES finds the records of an identity there, before or after it is asked for', async () => {
  const Domain = 'mine.example';
  const { VerificationToken } = await fixture.ses.send(new VerifyDomainIdentityCommand({ Domain }));
  const { DkimTokens = [] } = await fixture.ses.send(new VerifyDomainDkimCommand({ Domain }));
  const state = async () => {
    const Identities = [Domain];
    const [{ VerificationAttributes }, { DkimAttributes }] = await Promise.all([
      fixture.ses.send(new GetIdentityVerificationAttributesCommand({ Identities })),
      fixture.ses.send(new GetIdentityDkimAttributesCommand({ Identities })),
    ]);
    return [VerificationAttributes?.[Domain]?.VerificationStatus, DkimAttributes?.[Domain]?.DkimVerificationStatus];
  };
  await fixture.call('POST', '/dns', {
    records: [{ type: 'TXT', name: `_amazonses.${Domain}`, value: VerificationToken }],
  });
  expect(await state()).toEqual(['Pending', 'Pending']);
  await fixture.call('POST', '/dns', {
    records: DkimTokens.map((token) => ({
      type: 'CNAME',
      name: `${token}._domainkey.${Domain}`,
      value: `${token}.dkim.amazonses.com`,
    })),
  });
  expect(await state()).toEqual(['Success', 'Success']);
});
