import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import { SECRET_RULES, secretsCheck } from './secrets.check.js';

/**
 * Examples by rule, in pieces: joined they are a text with a secret (made up, in the right format), or one that only looks
 * like it. In pieces, so that nobody's scanner takes the file for a leak.
 */
type Examples = Record<string, { secrets: string[][]; harmless: string[][] }>;
const examples = JSON.parse(readFileSync(new URL('./fixtures/examples.json', import.meta.url), 'utf8')) as Examples;

const idsIn = (text: string): string[] =>
  secretsCheck.run(outboundMail({ text })).map(({ detail }) => detail.slice(0, detail.indexOf(':')));

describe('every rule', () => {
  it('has examples, and a name of its own', () => {
    expect(Object.keys(examples).sort()).toEqual(SECRET_RULES.map(({ id }) => id).sort());
  });

  const cases = SECRET_RULES.map((rule) => [rule.id, examples[rule.id] ?? { secrets: [], harmless: [] }] as const);

  it.each(cases)('%s finds its secrets, wherever they stand', (id, { secrets }) => {
    for (const pieces of secrets) {
      expect(idsIn(pieces.join(''))).toContain(id);
      expect(idsIn(`See below:\n\n  ${pieces.join('')}\n\nAnn`)).toContain(id);
      expect(idsIn(`"${pieces.join('')}"`)).toContain(id);
    }
  });

  it.each(cases)('%s leaves what only looks like them', (id, { harmless }) => {
    for (const pieces of harmless) expect(idsIn(pieces.join(''))).not.toContain(id);
  });

  it.each(cases)('%s repeats at most the first four characters', (_, { secrets }) => {
    for (const pieces of secrets) {
      const text = pieces.join('');
      const told = JSON.stringify(secretsCheck.run(outboundMail({ text })));
      for (const piece of pieces.flatMap((one) => one.match(/[A-Za-z0-9+/_-]{12,}/g) ?? [])) {
        // Words of the fixture itself (names of keys, hosts) are no secrets; random ones are.
        if (/\d/.test(piece)) expect(told).not.toContain(piece.slice(0, 8));
      }
    }
  });
});

const token = examples['github_token']?.secrets[0]?.join('') ?? '';

describe('secrets', () => {
  it('are surer with right check digits', () => {
    const confidences = [token, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`].map(
      (text) => secretsCheck.run(outboundMail({ text }))[0]?.confidence,
    );
    expect(confidences).toEqual([0.99, 0.75]);
  });

  it('are told once, with all their places', () => {
    const mail = outboundMail({ text: token, subject: token, html: `<p>x</p><p hidden>${token}</p>` });
    expect(secretsCheck.run(mail).map(({ detail }) => detail)).toEqual([
      'github_token: a GitHub token in subject, text, hidden html (40 characters, begins with ghp_).',
    ]);
  });

  it('are found in links, comments and text attachments', () => {
    const html = `<a href="https://x.example/?t=${token}">x</a>`;
    expect(secretsCheck.run(outboundMail({ html }))[0]?.detail).toContain('in html attributes');
    expect(secretsCheck.run(outboundMail({ html: `<!-- ${token} -->` }))[0]?.detail).toContain('in html comments');
    const attachment = { filename: 'prod.env', contentType: 'application/octet-stream', bytes: Buffer.from(token) };
    expect(secretsCheck.run(outboundMail({ attachments: [attachment] }))[0]?.detail).toContain('in attachment 1');
  });

  it('cannot be hidden by characters without width', () => {
    expect(idsIn([...token].join('\u200b'))).toEqual(['github_token']);
  });

  it('are named by the most telling rule only', () => {
    expect(idsIn(`token: ${token}`)).toEqual(['github_token']);
  });

  it('are not listed without end', () => {
    const text = Array.from({ length: 500 }, (_, index) => `password: Xy9!${index}${'ab'.repeat(4)}Z`).join('\n');
    expect(secretsCheck.run(outboundMail({ text }))).toHaveLength(20);
  });
});
