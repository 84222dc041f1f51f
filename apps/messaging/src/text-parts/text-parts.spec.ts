import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { randomFrom } from '@postern/testing';
import { textParts } from './text-parts.js';

const KINDS = { N: 'new', Q: 'quoted', S: 'signature', D: 'disclaimer' } as const;
const samples = new URL('samples/', import.meta.url);

/** One sample: each line begins with the letter of its kind and a bar. */
function readSample(name: string): { text: string; expected: string[] } {
  const lines = readFileSync(new URL(name, samples), 'utf8').trimEnd().split('\n');
  return {
    text: lines.map((line) => line.slice(2)).join('\n'),
    expected: lines.map((line) => KINDS[line.charAt(0) as keyof typeof KINDS]),
  };
}

/** The kind of each line. */
function kindsIn(text: string): string[] {
  return textParts(text).flatMap(({ kind, text: part }) =>
    part
      .replace(/\n$/, '')
      .split('\n')
      .map(() => kind),
  );
}

describe('the parts of', () => {
  it.each(readdirSync(samples))('%s', (name) => {
    const { text, expected } = readSample(name);
    const lines = text.split('\n');
    const shown = (kinds: readonly string[]) => lines.map((line, at) => `${kinds[at]}: ${line}`);
    expect(shown(kindsIn(text))).toEqual(shown(expected));
  });
});

const PIECES = [
  '> quote',
  'On 3 Aug 2026, Ann <ann@example.com> wrote:',
  'From: a@example.com',
  'Subject: x',
  'Sent: today',
  '-----Original Message-----',
  '-- ',
  '--',
  'Best regards,',
  'Sent from my iPhone',
  '',
  '   ',
  'text of somebody',
  '\ttab',
  'e-mail confidential intended recipient delete',
  '\u2028',
  '😀',
  '____________________________',
];
const ENDS = ['\n', '\n', '\n', '\r\n', '\n\n', ''];

describe('whatever the text,', () => {
  it('its parts together are the text, and neighbours differ in kind', () => {
    for (let seed = 1; seed <= 2000; seed += 1) {
      const next = randomFrom(seed);
      const pick = (from: readonly string[]): string => from[Math.floor(next() * from.length)] ?? '';
      const text = Array.from({ length: Math.floor(next() * 25) }, () => `${pick(PIECES)}${pick(ENDS)}`).join('');
      const parts = textParts(text);
      expect([seed, parts.map((part) => part.text).join('')]).toEqual([seed, text]);
      expect([seed, parts.some((part, at) => at > 0 && parts[at - 1]?.kind === part.kind)]).toEqual([seed, false]);
      expect([seed, parts.some((part) => part.text === '')]).toEqual([seed, false]);
    }
  });

  it.each([['empty', '', []] as const, ['blank', ' \n\n', [{ kind: 'new', text: ' \n\n' }]] as const])(
    'also when it is %s',
    (_, text, parts) => {
      expect(textParts(text)).toEqual(parts);
    },
  );
});

/** Of a core, about ten times of what these take. Time that grows with the square of 10 MB takes hours. */
const CPU_MAX_MS = 2_000;
/** Other tests may have both cores meanwhile. */
const PATIENCE_MS = 60_000;
const HOSTILE_CHARS = 10 * 1024 * 1024;

describe('10 MB of hostile text', () => {
  it.each(
    [
      'a',
      '\n',
      ' ',
      '>',
      '> q\na\n',
      'On 1 Jan 2020 Ann wrote: ',
      'On 1 Jan 2020 Ann wrote:\n',
      'On 1 Jan 2020\n',
      'From: a\n',
      '*From:*\n\n',
      'From: a\nSubject: b\n',
      'a@',
      ':',
      '-- \n',
      '-',
      '_',
      'Best regards,\n',
      'Sent from my ',
      'e-mail confidential intended delete\n',
      'wrote ',
      '-----Original Message-----\n',
    ].map((piece) => [piece]),
  )(
    'of %j takes a moment',
    (piece) => {
      const text = piece.repeat(Math.ceil(HOSTILE_CHARS / piece.length)).slice(0, HOSTILE_CHARS);
      const before = process.cpuUsage();
      const parts = textParts(text);
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000).toBeLessThan(CPU_MAX_MS);
      expect(parts.reduce((sum, part) => sum + part.text.length, 0)).toBe(HOSTILE_CHARS);
    },
    PATIENCE_MS,
  );
});
