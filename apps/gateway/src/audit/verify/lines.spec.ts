import { describe, expect, it } from '@jest/globals';
import { linesOf, UnreadableLine } from './lines.js';

async function* chunks(...parts: (string | Buffer)[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part);
}
async function read(...parts: (string | Buffer)[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(chunks(...parts))) lines.push(line);
  return lines;
}

describe('linesOf', () => {
  it('joins what chunks cut, also inside a character', async () => {
    const euro = Buffer.from('€');
    expect(await read('a', 'b\nc', euro.subarray(0, 1), euro.subarray(1), '\n\nd')).toEqual(['ab', 'c€', '', 'd']);
  });

  it('ends lines at line feeds only', async () => {
    expect(await read('a\u2028b\rc\n')).toEqual(['a\u2028b\rc']);
  });

  it('has no line in an empty file', async () => expect(await read()).toEqual([]));

  it.each([
    ['octets that are no UTF-8', Buffer.from([0x7b, 0xff, 0x0a])],
    ['a line without end', Buffer.alloc(1_100_000, 'x')],
  ])('refuses %s', async (_what, octets) => {
    await expect(read('first\n', octets)).rejects.toThrow(UnreadableLine);
  });
});
