import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from '@jest/globals';
import { AddressInput } from './address.js';
import { addressKey, checkAddress } from './address-syntax.js';

/** What becomes of a text as a recipient: the address that it is sent to, or null. */
function sentTo(text: string): string | null {
  const read = AddressInput.safeParse(text);
  return read.success ? read.data.address : null;
}

describe(checkAddress, () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['Ann@Example.COM', 'Ann@Example.COM'],
    ["o'brien+tag@example.co.uk", "o'brien+tag@example.co.uk"],
    ['info@bücher.example', 'info@xn--bcher-kva.example'],
    ['info@BÜCHER.example', 'info@xn--bcher-kva.example'],
    ['info@mu\u0308nchen.example', 'info@xn--mnchen-3ya.example'],
    ['info@faß.example', 'info@xn--fa-hia.example'],
    ['info@例え.テスト', 'info@xn--r8jz45g.xn--zckzah'],
    ['info@XN--BCHER-KVA.example', 'info@XN--BCHER-KVA.example'],
  ])('takes %s', (address, ascii) => {
    expect(checkAddress(address)).toEqual({ address: ascii });
    // Read a second time, as services do, it stays as it is.
    expect(checkAddress(ascii)).toEqual({ address: ascii });
  });

  it.each([
    ['用户@例子.广告', 'RFC 6531'],
    ['"a b"@example.com', 'quoted'],
    ['ann@[127.0.0.1]', 'literal'],
    ['ann@localhost', 'domain name'],
    ['ann@example.123', 'top-level'],
    ['ann@example.c', 'top-level'],
    ['info@xn--a.example', 'IDNA'],
    ['info@ｅｘａｍｐｌｅ.com', 'IDNA'],
    ['info@exa\u00admple.com', 'IDNA'],
    ['info@ex\u200bample.com', 'IDNA'],
    ['info@р\u0430ypal.com', 'IDNA'],
    ['info@xn--aypal-uye.com', 'IDNA'],
    ['info@☃.net', 'IDNA'],
    ['info@bü/x.com', 'IDNA'],
    ['ann', 'such as ann@example.com'],
  ])('says why %s cannot be sent to', (address, reason) => {
    expect(checkAddress(address)).toEqual({ problem: expect.stringContaining(reason) });
  });

  it('keeps to the lengths of RFC 5321, measured on the ASCII form', () => {
    const label = 'b'.repeat(63);
    expect(checkAddress(`${'a'.repeat(64)}@example.com`)).toHaveProperty('address');
    expect(checkAddress(`${'a'.repeat(65)}@example.com`)).toHaveProperty('problem');
    expect(checkAddress(`a@${label}.${label}.${label}.${'c'.repeat(60)}`)).toHaveProperty('address');
    expect(checkAddress(`a@${label}.${label}.${label}.${'c'.repeat(61)}`)).toHaveProperty('problem');
    expect(checkAddress(`a@${'b'.repeat(64)}.com`)).toHaveProperty('problem');
    expect(checkAddress(`a@${'ü'.repeat(60)}.com`)).toHaveProperty('problem');
  });
});

describe(addressKey, () => {
  it('is the same for every way to write one mailbox', () => {
    const key = 'info@xn--bcher-kva.example';
    for (const written of ['Info@Bücher.example', 'INFO@BÜCHER.EXAMPLE', 'info@XN--BCHER-KVA.example', key]) {
      expect(addressKey(written)).toBe(key);
    }
    expect(addressKey('Дж@example.com')).toBe('дж@example.com');
  });
});

interface Case {
  address: string;
  verdict: string;
  kind: string;
  why: string;
  ascii_form?: string | null;
  ses_v1_sendable: boolean | null;
}
const CORPUS = new URL('../../../../shared/corpus/addresses.json', import.meta.url);
const cases: Case[] = existsSync(CORPUS) ? (JSON.parse(readFileSync(CORPUS, 'utf8')) as { cases: Case[] }).cases : [];
const named = cases.map((one) => [JSON.stringify(one.address), one] as const);

/** Valid by syntax, and refused by the rules that {@link checkAddress} states. */
const STATED_RULE = /"@|\(|\[|[^\u0000-\u007f].*@|@[^.]+$|@[^@]*[_!]|\.\d+$/;

if (cases.length === 0) test.skip('the corpus of addresses is not beside this checkout', () => undefined);
else {
  describe('the corpus of addresses', () => {
    it.each(named.filter(([, { verdict }]) => verdict === 'valid'))(
      'takes %s, or refuses it by a stated rule',
      (_, one) => {
        const sent = sentTo(one.address);
        if (one.ses_v1_sendable === true || !STATED_RULE.test(one.address)) {
          expect(sent).toBe(one.ascii_form ?? bare(one.address));
        } else expect(sent).toBeNull();
      },
    );

    it.each(named.filter(([, { verdict }]) => verdict === 'valid-idn'))('sends %s in its ASCII form', (_, one) => {
      expect(sentTo(one.address)).toBe(one.ascii_form);
    });

    it.each(named.filter(([, { verdict }]) => ['invalid', 'invalid-smtp', 'trim'].includes(verdict)))(
      'refuses %s',
      (_, one) => {
        expect(sentTo(one.address)).toBeNull();
      },
    );

    it.each(named.filter(([, { verdict }]) => verdict === 'valid-eai'))(
      'says that SES has no SMTPUTF8 for %s',
      (_, one) => {
        expect(checkAddress(one.address)).toEqual({ problem: expect.stringContaining('RFC 6531') });
      },
    );

    it.each(named.filter(([, { verdict }]) => ['valid-unusual', 'suspicious'].includes(verdict)))(
      'refuses %s, or takes it as it is',
      (_, one) => {
        expect([null, one.address]).toContain(sentTo(one.address));
      },
    );

    it.each(named.filter(([, { verdict }]) => verdict === 'header-only'))('reads %s as it is meant', (_, one) => {
      expect(sentTo(one.address)).toBe(/<(.*)>/.exec(one.address)?.[1]);
    });
  });
}

const bare = (text: string): string => /<([^<>]*)>$/.exec(text)?.[1] ?? text;
