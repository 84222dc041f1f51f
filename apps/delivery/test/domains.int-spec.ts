import { ListIdentitiesCommand, SESClient } from '@aws-sdk/client-ses';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CommandContext,
  CreateDomain,
  DeleteDomain,
  type Domain,
  DomainChangedV1,
  GetDomain,
  GetDomainZoneFile,
  ListDomains,
  newId,
  type RecordPurpose,
  VerifyDomain,
} from '@postern/contracts';
import { callerOf, waitFor } from '@postern/testing';
import { playRelease, type Release } from './release.player.js';
import { startStage, type Stage } from './stage.js';

let stage: Stage;
let release: Release;
let ses: SESClient;
let count = 0;

beforeAll(async () => {
  stage = await startStage();
  release = await playRelease(stage.infra.natsUrl);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  ses = new SESClient({ region: 'us-east-1', endpoint: stage.sandboxUrl, credentials });
});
afterAll(async () => {
  ses.destroy();
  await release.stop();
  await stage.stop();
});

const freshName = (): string => `d${(count += 1)}.example`;
const sandbox = async (path: string, body: object): Promise<void> => {
  const reply = await fetch(`${stage.sandboxUrl}/_sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(await reply.text());
};
const publish = (domain: Domain, isWanted: (purpose: RecordPurpose) => boolean = () => true): Promise<void> =>
  sandbox('dns', { records: domain.records.filter(({ purpose }) => isWanted(purpose)) });
const add = (caller: CommandContext, name: string) => stage.delivery.ask(CreateDomain, caller, { name });
const verify = (caller: CommandContext, { id }: Domain) => stage.delivery.ask(VerifyDomain, caller, { id });
const get = (caller: CommandContext, { id }: Domain) => stage.delivery.ask(GetDomain, caller, { id });
const remove = (caller: CommandContext, { id }: Domain) => stage.delivery.ask(DeleteDomain, caller, { id });
const changesOf = async ({ id }: Domain) =>
  (await stage.delivery.bus.factsOf(DomainChangedV1)).filter(({ data }) => data.domain.id === id);
const knows = async (name: string): Promise<boolean> =>
  ((await ses.send(new ListIdentitiesCommand({ IdentityType: 'Domain' }))).Identities ?? []).includes(name);
const statuses = ({ sending_status, receiving_status }: Domain) => [sending_status, receiving_status];

describe('a new domain', () => {
  test('comes with every record, none of them there yet; sending and receiving are verified when they are', async () => {
    const caller = callerOf();
    const domain = await add(caller, freshName());
    expect(domain.records.map(({ type, purpose, status }) => `${type} ${purpose} ${status}`)).toEqual([
      'TXT ownership missing',
      'TXT identity missing',
      'CNAME dkim missing',
      'CNAME dkim missing',
      'CNAME dkim missing',
      'MX mail_from missing',
      'TXT spf missing',
      'TXT dmarc missing',
      'MX receiving missing',
    ]);
    expect(statuses(await verify(caller, domain))).toEqual(['pending', 'pending']);

    await publish(domain, (purpose) => purpose !== 'receiving');
    const sends = await verify(caller, domain);
    expect(statuses(sends)).toEqual(['verified', 'pending']);
    expect(sends.records.filter(({ status }) => status !== 'valid').map(({ purpose }) => purpose)).toEqual([
      'receiving',
    ]);
    await publish(domain);
    expect(statuses(await verify(caller, domain))).toEqual(['verified', 'verified']);
    expect(await get(caller, domain)).toEqual(await verify(caller, domain));
    const told = await waitFor(async () => {
      const facts = await changesOf(domain);
      return facts.filter(({ data }) => data.change === 'verified').length === 2 ? facts : null;
    }, 'two facts of a verified domain');
    expect(told.at(0)?.data).toMatchObject({ change: 'created', owned: false, version: 1, actor: caller.keyId });
    const versions = told.map(({ data }) => data.version);
    expect(versions.toSorted((a, b) => a - b)).toEqual(versions.map((_, index) => index + 1));
    expect((await stage.delivery.ask(GetDomainZoneFile, caller, { id: domain.id })).text).toContain(
      `${domain.name}. 3600 IN MX 10 inbound-smtp.us-east-1.amazonaws.com.\n`,
    );
  });

  test('is found verified without anybody asking', async () => {
    const caller = callerOf();
    const domain = await add(caller, freshName());
    await publish(domain);
    await stage.delivery.database.query('UPDATE domains SET next_check_at = now() WHERE id = $1', [domain.id]);
    await waitFor(async () => statuses(await get(caller, domain)).every((status) => status === 'verified'), 'the look');
  });

  test('of test mode needs no SES', async () => {
    const caller = callerOf({ mode: 'test' });
    const domain = await add(caller, freshName());
    expect(domain.records.map(({ purpose }) => purpose)).toEqual(['ownership', 'dmarc', 'receiving']);
    await publish(domain);
    expect(statuses(await verify(caller, domain))).toEqual(['verified', 'verified']);
    expect(await knows(domain.name)).toBe(false);
  });

  test('is there once; a repeat with the same key is the same', async () => {
    const caller = callerOf();
    const name = freshName();
    const idempotency = { key: 'k', scope: 'POST /v1/domains', bodyHash: 'a'.repeat(64) };
    const domain = await add({ ...caller, idempotency }, name);
    expect((await add({ ...caller, idempotency }, name)).id).toBe(domain.id);
    await expect(add(caller, name)).rejects.toMatchObject({ code: 'address_taken' });
    await expect(add(caller, 'postern.test')).rejects.toMatchObject({ code: 'address_taken' });
    const other = await add(caller, freshName());
    const pages = await stage.delivery.ask(ListDomains, caller, { limit: 1 });
    expect([pages.data.map(({ id }) => id), pages.has_more]).toEqual([[other.id], true]);
    for (const stranger of [callerOf(), callerOf({ organizationId: caller.organizationId, mode: 'test' })]) {
      await expect(get(stranger, domain)).rejects.toMatchObject({ code: 'not_found' });
      await expect(verify(stranger, domain)).rejects.toMatchObject({ code: 'not_found' });
      await expect(remove(stranger, domain)).rejects.toMatchObject({ code: 'not_found' });
      expect((await stage.delivery.ask(ListDomains, stranger, { limit: 25 })).data).toEqual([]);
    }
    await expect(stage.delivery.ask(GetDomain, caller, { id: newId('dom') })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('a name that two organizations claim', () => {
  test('belongs to the one whose record is published, and the other cannot prove it afterwards', async () => {
    const [owner, squatter] = [callerOf(), callerOf()];
    const name = freshName();
    const squatted = await add(squatter, name);
    const owned = await add(owner, name);
    await publish(owned);
    // All of SES's records are the same for both, and there.
    expect(statuses(await verify(squatter, squatted))).toEqual(['pending', 'pending']);
    expect((await get(squatter, squatted)).records[0]?.status).toBe('invalid');
    expect(statuses(await verify(owner, owned))).toEqual(['verified', 'verified']);
    await publish(squatted);
    expect(statuses(await verify(squatter, squatted))).toEqual(['pending', 'pending']);
    await expect(add(callerOf(), name)).rejects.toMatchObject({ code: 'address_taken' });
    const test = await add({ ...owner, mode: 'test' }, name);
    await publish(test);
    expect(statuses(await verify({ ...owner, mode: 'test' }, test))).toEqual(['verified', 'verified']);

    await remove(owner, owned);
    expect(statuses(await verify(squatter, squatted))).toEqual(['pending', 'pending']);
    await remove({ ...owner, mode: 'test' }, test);
    expect(statuses(await verify(squatter, squatted))).toEqual(['verified', 'verified']);
  });

  test('belongs to one of them when both records are found at once', async () => {
    const callers = [callerOf(), callerOf(), callerOf()];
    const name = freshName();
    const domains = await Promise.all(callers.map((caller) => add(caller, name)));
    for (const domain of domains) await publish(domain);
    const checked = await Promise.all(callers.map((caller, n) => verify(caller, domains[n] as Domain)));
    expect(checked.map(({ sending_status }) => sending_status).toSorted()).toEqual(['pending', 'pending', 'verified']);
  });
});

describe('a deleted domain', () => {
  test('is refused while inboxes use it; then SES forgets it, and it can be added again', async () => {
    const caller = callerOf();
    const domain = await add(caller, freshName());
    release.used.add(domain.name);
    await expect(remove(caller, domain)).rejects.toMatchObject({ code: 'invalid_state' });
    expect((await get(caller, domain)).id).toBe(domain.id);
    expect(await knows(domain.name)).toBe(true);
    release.used.delete(domain.name);
    await remove(caller, domain);
    await expect(remove(caller, domain)).rejects.toMatchObject({ code: 'not_found' });
    await waitFor(async () => !(await knows(domain.name)), 'SES to forget it');
    await waitFor(
      async () => (await changesOf(domain)).some(({ data }) => data.change === 'deleted' && !data.owned),
      'the fact',
    );
    const again = await add(caller, domain.name);
    expect(again.id > domain.id).toBe(true);
    expect(again.records[0]?.value).not.toBe(domain.records[0]?.value);
  });

  test('leaves an identity that the account had before', async () => {
    const caller = callerOf();
    const name = freshName();
    await sandbox('identities', { identity: name, verified: true });
    const domain = await add(caller, name);
    await remove(caller, domain);
    const other = await add(caller, freshName());
    await remove(caller, other);
    await waitFor(async () => !(await knows(other.name)), 'SES to forget the other');
    expect(await knows(name)).toBe(true);
  });
});

describe('who does not answer', () => {
  test('a DNS that is ill leaves a verified domain as it is', async () => {
    const caller = callerOf();
    const domain = await add(caller, freshName());
    await publish(domain);
    const verified = await verify(caller, domain);
    expect(statuses(verified)).toEqual(['verified', 'verified']);
    await sandbox('dns/faults', { name: domain.name, answer: 'servfail' });
    expect(await verify(caller, domain)).toEqual(verified);
    await sandbox('dns/faults', { name: domain.name, answer: null });
    await fetch(`${stage.sandboxUrl}/_sandbox/dns?domain=${domain.name}`, { method: 'DELETE' });
    const lost = await verify(caller, domain);
    expect(statuses(lost)).toEqual(['verified', 'pending']);
    expect(new Set(lost.records.map(({ status }) => status))).toEqual(new Set(['missing']));
  });

  test('with SES away a domain is added all the same, and its records come when SES is back', async () => {
    const caller = callerOf();
    await stage.sesAway();
    const domain = await add(caller, freshName());
    expect(domain.records.map(({ purpose }) => purpose)).toEqual(['ownership', 'dmarc', 'receiving']);
    await stage.sesBack();
    await stage.delivery.database.query('UPDATE domains SET next_check_at = now() WHERE id = $1', [domain.id]);
    const whole = await waitFor(async () => {
      const now = await get(caller, domain);
      return now.records.some(({ purpose }) => purpose === 'dkim') ? now : null;
    }, 'the records of SES');
    await publish(whole);
    expect(statuses(await verify(caller, domain))).toEqual(['verified', 'verified']);
  });
});
