import { describe, expect, it } from '@jest/globals';
import { renderPage } from './page.js';
import { readBody } from './read-body.js';

const CHARS = 2 * 1024 * 1024;
/** Of a core, about ten times of what the slowest of these takes. Time that grows with the square of 1 MB takes hours. */
const CPU_MAX_MS = 5_000;
/** Other tests may have both cores meanwhile. */
const PATIENCE_MS = 60_000;

const fill = (piece: string): string => piece.repeat(Math.ceil(CHARS / piece.length)).slice(0, CHARS);

async function within(body: { text: string | null; html: string | null }): Promise<void> {
  const before = process.cpuUsage();
  const { blocks } = await readBody(body);
  renderPage(blocks, { maxTokens: 500, offset: 0, boundary: 'postern-abcdefgh', urlOf: String, restUrl: null });
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(CPU_MAX_MS);
}

describe('a view of hostile mail takes a moment:', () => {
  it.each(
    [
      '<b>',
      '<blockquote>x',
      '<blockquote>x</blockquote>y',
      '<a href="https://x.example/">x</a>',
      '<ul><li>x',
      '<td>x</td>',
      '<h1>x</h1>',
      'a<br>',
      '<pre>\n',
      '&lt;',
      '<p hidden>x</p>',
      '<p hidden>x</p>y',
      '\u{e0041}\u{e0042}\u{e0043}x',
      '<!--',
      ' ',
    ].map((piece) => [piece]),
  )('HTML of %j', (piece) => within({ text: null, html: fill(piece) }), PATIENCE_MS);

  it.each(['> q\na\n', 'From: a\nSubject: b\n', '<a@', 'a@b ', '![', '-- \n', 'word'].map((piece) => [piece]))(
    'text of %j',
    (piece) => within({ text: fill(piece), html: null }),
    PATIENCE_MS,
  );
});
