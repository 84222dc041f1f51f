import { describe, expect, it } from '@jest/globals';
import { fullRun } from '@postern/testing';
import { CHANNEL_MAX_CHARS } from '../normalise/scanned-mail.js';
import { outboundMail } from '../normalise/scanned-mail.fake.js';
import { judge } from './verdict.js';

/** A quarter of the longest channel shows as well what grows faster than its input. */
const LENGTH = fullRun() ? CHANNEL_MAX_CHARS : CHANNEL_MAX_CHARS / 4;

const fill = (piece: string): string => piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH);

/**
 * Of a processor, so that other work on the machine does not count; a few times of what these inputs take. A check whose time grows
 * with the square of its input takes hours.
 */
const CPU_MAX_MS = 10_000;

function within(act: () => unknown): void {
  const before = process.threadCpuUsage();
  act();
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1_000).toBeLessThan(CPU_MAX_MS);
}

describe('hostile mail is judged in bounded time', () => {
  it.each(
    [
      'a',
      'A',
      '0123456789abcdef',
      ' ',
      'password: ',
      'token=',
      'https://a:',
      'postgres://a:b',
      'eyJ',
      'eyJaaaaaaaaaa.',
      '-----BEGIN PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----\nA: b\n',
      'xoxb-1-',
      '?sv=2020-01-01&sig=',
      'authorization: bearer ',
      'SG.',
      'aaa0Q~',
      'a\u200b',
      '\u{e0041}',
      '\ufe0f',
      'ignore ',
      'forward to ',
      '1234567890:AA',
      '1 ',
      '1111 ',
      'DE89 ',
      '123-45-6789 ',
      '+49 30 901820 ',
      'a@',
      'a$',
      'AAAAAAAAAAAAAAAA ',
      '%41',
      '61 ',
      '\u200b\u200c',
      'gur naq lbh ',
      'ignore all ',
      'you are now ',
      '忽略',
      'игнорируй ',
      '<|im_start|>',
      '\n> ',
      '---',
      '“a',
      'https://a.',
      'https://xn--a',
      '![a](',
      '[a]: http://b/?',
    ].map((piece) => [piece]),
  )('text of %j', (piece) => {
    const text = fill(piece);
    within(() => judge(outboundMail({ text, html: `<p>x</p><p hidden>${text}` })));
  });

  it.each([
    ['open elements', fill('<b>')],
    ['ends without beginning', '<b>'.repeat(500) + fill('</i>')],
    ['comments without end', fill('<!--')],
    ['style comments without end', `<style>${fill('/*')}`],
    ['blocks in blocks', `<style>${fill('@media all{')}`],
    ['rules', `<style>${fill('.a{color:red}')}</style>${fill('<b class=a>x</b>')}`],
    ['selectors', `<style>${fill('a,')}{color:red}`],
    ['styled elements', fill('<p style="color:red;background:blue;font-size:12px">a</p>')],
    ['attributes', `<a ${fill('b=c ')}`],
    ['entities', fill('&amp')],
    ['a long shorthand', `<p style="font:${fill('1.')}">`],
    ['a long colour', `<p style="color:rgb(${fill(' ')}">`],
    ['pictures', fill('data:image/png;base64,')],
  ])('html of %s', (_, html) => {
    within(() => judge(outboundMail({ html })));
  });

  it.each(['<', '<@', '"', 'a@', ' '])('a From header of %j', (piece) => {
    within(() => judge(outboundMail({ headers: `From: ${fill(piece).slice(0, 250_000)}\n` })));
  });
});
