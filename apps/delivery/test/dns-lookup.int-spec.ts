import { createSocket, type Socket } from 'node:dgram';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '@postern/aws-sandbox';
import { DnsLookup } from '../src/domains/dns-lookup.js';

const KEY_BITS = 1_024;
let stateDir: string;
let sandbox: Sandbox;
let dns: DnsLookup;

const tell = async (path: string, body: object): Promise<void> => {
  const reply = await fetch(`${sandbox.url}/_sandbox/${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(await reply.text());
};
const publish = (...records: [type: string, name: string, value: string][]): Promise<void> =>
  tell('dns', { records: records.map(([type, name, value]) => ({ type, name, value })) });

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'postern-dns-'));
  sandbox = await startSandbox({ stateDir, signingKeyBits: KEY_BITS });
  dns = new DnsLookup([new URL(sandbox.url).host]);
});
afterAll(async () => {
  await sandbox.stop();
  await rm(stateDir, { recursive: true, force: true });
});

describe('a look-up in the DNS', () => {
  it('joins the strings of a text, and gives every text of a name', async () => {
    const long = 'k='.padEnd(600, 'abc');
    await publish(['TXT', 'txt.example', long], ['TXT', 'txt.example', 'second']);
    expect((await dns.find('TXT', 'txt.example'))?.txt?.toSorted()).toEqual([long, 'second']);
  });

  it('gives MX records with their preferences, whatever the case of the name', async () => {
    await publish(['MX', 'mx.example', '20 b.mx.example'], ['MX', 'mx.example', '10 a.mx.example']);
    expect((await dns.find('MX', 'MX.Example'))?.mx?.toSorted((a, b) => a.priority - b.priority)).toMatchObject([
      { priority: 10, exchange: 'a.mx.example' },
      { priority: 20, exchange: 'b.mx.example' },
    ]);
  });

  it('follows a chain of aliases, and a circle once', async () => {
    await publish(
      ['CNAME', 'a.chain.example', 'b.chain.example'],
      ['CNAME', 'b.chain.example', 'c.elsewhere.example'],
      ['CNAME', 'x.circle.example', 'y.circle.example'],
      ['CNAME', 'y.circle.example', 'x.circle.example'],
    );
    expect(await dns.find('CNAME', 'a.chain.example')).toEqual({ cnames: ['b.chain.example', 'c.elsewhere.example'] });
    expect(await dns.find('CNAME', 'x.circle.example')).toEqual({ cnames: ['y.circle.example', 'x.circle.example'] });
  });

  it('knows that nothing is there: no such name, or not of this type', async () => {
    await publish(['TXT', 'only.example', 'text']);
    expect(await dns.find('TXT', 'nobody.example')).toEqual({});
    expect(await dns.find('MX', 'only.example')).toEqual({});
    expect(await dns.find('CNAME', 'only.example')).toEqual({ cnames: [] });
  });

  it.each(['servfail', 'silence'])(
    'says that it does not know at %s, also in the middle of a chain',
    async (answer) => {
      await publish(['TXT', 'ill.example', 'text'], ['CNAME', 'to-ill.example', 'alias.ill.example']);
      await tell('dns/faults', { name: 'ill.example', answer });
      expect(await dns.find('TXT', 'ill.example')).toBeNull();
      expect(await dns.find('CNAME', 'to-ill.example')).toBeNull();
      await tell('dns/faults', { name: 'ill.example', answer: null });
      expect(await dns.find('TXT', 'ill.example')).toEqual({ txt: ['text'] });
    },
  );

  it('says that it does not know when nobody listens, or talks nonsense', async () => {
    const socket: Socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const { port } = socket.address() as AddressInfo;
    socket.on('message', (_message, from) => socket.send('nonsense', from.port, from.address));
    const lookup = new DnsLookup([`127.0.0.1:${port}`]);
    expect(await lookup.find('TXT', 'any.example')).toBeNull();
    await new Promise<void>((resolve) => {
      socket.close(() => resolve());
    });
    expect(await lookup.find('TXT', 'any.example')).toBeNull();
  });
});
