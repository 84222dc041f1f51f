import { expect, test } from '@jest/globals';
import { decodeAwsChunked } from './aws-chunked.js';

const pieces = async function* (text: string, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield Buffer.from(text.slice(at, at + size));
};
const decode = async (text: string, size: number) => {
  const trailers = new Map<string, string>();
  const chunks: Buffer[] = [];
  for await (const chunk of decodeAwsChunked(pieces(text, size), trailers)) chunks.push(chunk);
  return { content: Buffer.concat(chunks).toString(), trailers: Object.fromEntries(trailers) };
};

const BODY = '5;chunk-signature=abc\r\nhello\r\n6\r\n\r\nmore\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';

test.each([1, 2, 7, 1_000])('decodes data and trailers, read %d octets at a time', async (size) => {
  expect(await decode(BODY, size)).toEqual({
    content: 'hello\r\nmore',
    trailers: { 'x-amz-checksum-crc32': 'AAAAAA==' },
  });
});

test.each([
  ['a size that is none', 'zz\r\nhello\r\n0\r\n\r\n'],
  ['data longer than its size', '4\r\nhello\r\n0\r\n\r\n'],
  ['an end in the middle', '5\r\nhel'],
  ['no last chunk', '5\r\nhello\r\n'],
  ['an endless line', '5'.repeat(20_000)],
])('refuses %s', async (_, text) => {
  await expect(decode(text, 1_000)).rejects.toThrow('aws-chunked');
});
