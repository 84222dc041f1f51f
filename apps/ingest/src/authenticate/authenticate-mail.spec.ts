import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import { dkimSign, sealMessage } from 'mailauth';
import { AuthenticateMail } from './authenticate-mail.js';
import type { Lookup } from './dns-lookup.js';

function newKey(modulusLength: number): { privateKey: string; record: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return { privateKey, record: `v=DKIM1; k=rsa; p=${publicKey.toString('base64')}` };
}

const { privateKey, record: KEY } = newKey(2048);
const IP = '192.0.2.25';
const MAIL = 'From: Ann <ann@bank.example>\r\nTo: bot@postern.test\r\nSubject: Hello\r\n\r\nThe first line\r\n';

let records: Record<string, unknown[]>;
let asked: string[];
const warn = jest.fn();

const lookup: Lookup = async (name, type) => {
  asked.push(name);
  const found = records[`${type} ${name}`];
  if (found !== undefined) return found;
  throw Object.assign(new Error('nothing'), { code: 'ENOTFOUND' });
};
const broken =
  (code: string): Lookup =>
  async () => {
    throw Object.assign(new Error(code), { code });
  };

const check = (mail: string, { mailFrom = 'ann@bank.example', ip = IP, helo = 'mx.bank.example', by = lookup } = {}) =>
  new AuthenticateMail(by, 'postern.test', { warn }).check(Buffer.from(mail), { ip, helo, mailFrom });

async function signed(
  mail: string,
  signingDomain = 'bank.example',
  maxBodyLength?: number,
  key = privateKey,
): Promise<string> {
  const signer = {
    signingDomain,
    selector: 's1',
    privateKey: key,
    ...(maxBodyLength !== undefined && { maxBodyLength }),
  };
  // The declaration asks for the first, the code reads the second.
  const { signatures } = await dkimSign(mail, { ...signer, signatureData: [signer] });
  return signatures + mail;
}

beforeEach(() => {
  asked = [];
  warn.mockReset();
  records = {
    'TXT bank.example': [['v=spf1 ip4:192.0.2.0/24 -all']],
    'TXT evil.example': [['v=spf1 ip4:192.0.2.0/24 -all']],
    'TXT s1._domainkey.bank.example': [[KEY]],
    'TXT s1._domainkey.evil.example': [[KEY]],
    'TXT _dmarc.bank.example': [['v=DMARC1; p=reject']],
  };
});

describe('mail that is what it says', () => {
  test('passes by both', async () => {
    expect(await check(await signed(MAIL))).toEqual({
      author: 'bank.example',
      results: { spf: 'pass', dkim: 'pass', dmarc: 'pass', arc: 'none', aligned: true },
    });
  });

  test('passes by its signature after it was forwarded', async () => {
    const { results } = await check(await signed(MAIL), { ip: '198.51.100.1' });
    expect(results).toMatchObject({ spf: 'fail', dkim: 'pass', dmarc: 'pass', aligned: true });
  });

  test('is aligned without a DMARC record, too', async () => {
    delete records['TXT _dmarc.bank.example'];
    expect((await check(MAIL)).results).toEqual({
      spf: 'pass',
      dkim: 'none',
      dmarc: 'none',
      arc: 'none',
      aligned: true,
    });
  });

  test('a bounce is judged by the name of its server', async () => {
    records['TXT mx.bank.example'] = [['v=spf1 a -all']];
    records['A mx.bank.example'] = [IP];
    expect((await check(MAIL, { mailFrom: '' })).results).toMatchObject({ spf: 'pass', aligned: true });
  });
});

describe('mail that is not', () => {
  test('is signed by another', async () => {
    const { results } = await check(await signed(MAIL, 'evil.example'), { mailFrom: 'x@evil.example' });
    expect(results).toEqual({ spf: 'pass', dkim: 'pass', dmarc: 'fail', arc: 'none', aligned: false });
  });

  test('was changed on its way', async () => {
    const { results } = await check(`${await signed(MAIL)}And one more\r\n`, { ip: '198.51.100.1' });
    expect(results).toMatchObject({ dkim: 'fail', dmarc: 'fail', aligned: false });
  });

  test('was written on behind the part that is signed: no proof, though DMARC takes it', async () => {
    const half = await signed(MAIL, 'bank.example', 5);
    const { results } = await check(half, { ip: '198.51.100.1' });
    expect(results).toMatchObject({ dkim: 'pass', dmarc: 'pass', aligned: false });
  });

  test('has two From fields', async () => {
    const twice = `From: ceo@bank.example\r\n${await signed(MAIL)}`;
    expect(await check(twice)).toMatchObject({ author: null, results: { dmarc: 'permerror', aligned: false } });
  });

  test.each(['From: a@bank.example, b@evil.example', 'From: Ann', 'Sender: ann@bank.example'])(
    'has no one author: %s',
    async (from) => {
      const { author, results } = await check(MAIL.replace(/^From:.*/, from));
      expect([author, results.aligned]).toEqual([null, false]);
    },
  );

  test('is signed with a key that can be broken', async () => {
    const weak = newKey(768);
    records['TXT s1._domainkey.bank.example'] = [[weak.record]];
    const mail = await signed(MAIL, 'bank.example', undefined, weak.privateKey);
    expect((await check(mail, { ip: '198.51.100.1' })).results).toMatchObject({ dkim: 'policy', aligned: false });
  });
});

describe('what cannot be found out', () => {
  test.each(['ETIMEOUT', 'ESERVFAIL', 'ECONNREFUSED'])('%s is a temporary error', async (code) => {
    const { results } = await check(await signed(MAIL), { by: broken(code) });
    expect(results).toEqual({ spf: 'temperror', dkim: 'temperror', dmarc: 'temperror', arc: 'none', aligned: false });
  });

  test('a DNS that never answers is given up', async () => {
    const silent = new AuthenticateMail(() => new Promise(() => undefined), 'postern.test', { warn }, 20);
    const { results } = await silent.check(Buffer.from(await signed(MAIL)), {
      ip: IP,
      helo: 'mx',
      mailFrom: 'ann@bank.example',
    });
    expect(results).toMatchObject({ spf: 'temperror', dkim: 'temperror', dmarc: 'temperror', aligned: false });
  });

  test.each([
    ['nothing', ''],
    ['no header', '\r\n\r\nbody'],
    ['a signature without sense', `DKIM-Signature: ;;;=\r\n${MAIL}`],
    ['a chain without sense', `ARC-Seal: i=1\r\nARC-Seal: i=99999\r\n${MAIL}`],
    ['binary', '\0\u00ff\r\n\0'],
  ])('%s is no reason to fail', async (_, mail) => {
    expect((await check(mail, { helo: '', ip: 'unknown', mailFrom: '@' })).results).toHaveProperty('spf');
  });
});

test('a chain of forwarders is told', async () => {
  const mail = await signed(MAIL);
  const sealed = await sealMessage(mail, {
    signingDomain: 'evil.example',
    selector: 's1',
    privateKey,
    cv: 'none',
    authResults: 'mx.evil.example; dkim=pass header.d=bank.example',
  });
  const { results } = await check(`${sealed.toString()}${mail}`, { ip: '198.51.100.1' });
  expect(results).toMatchObject({ arc: 'pass', aligned: true });
});

test('only the first signatures are looked at', async () => {
  const [signature = ''] = (await signed(MAIL, 'evil.example')).split('From: Ann');
  const many = Array.from({ length: 50 }, (_, index) => signature.replace('s=s1', `s=n${index}`)).join('');
  await check(many + MAIL);
  expect(asked.filter((name) => name.includes('_domainkey')).length).toBe(5);
});
