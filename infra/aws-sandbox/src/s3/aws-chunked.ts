import { AwsError } from '../http/aws-error.js';

const broken = (): AwsError => new AwsError('IncompleteBody', 'The aws-chunked body is malformed or ends too early.');

// Longer lines are no chunk headers or trailers of ours.
const MAX_LINE_BYTES = 8 * 1024;

/**
 * Decodes the `aws-chunked` transfer form: `size[;chunk-signature=…]`, data, …, `0`, then trailing headers.
 * Source: Amazon S3 API reference, "Signature calculations: transferring payload in multiple chunks".
 * @param trailers  receives the trailing headers, names in lower case, once the last chunk was read.
 * @throws AwsError `IncompleteBody`.
 */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer> {
  const input = source[Symbol.asyncIterator]();
  let buffered: Buffer = Buffer.alloc(0);

  /** @returns false at the end of the input. */
  const readMore = async (): Promise<boolean> => {
    const { value, done } = await input.next();
    if (done) return false;
    buffered = buffered.length === 0 ? value : Buffer.concat([buffered, value]);
    return true;
  };
  const readLine = async (): Promise<string> => {
    for (;;) {
      const end = buffered.indexOf('\r\n');
      if (end !== -1) {
        const line = buffered.toString('latin1', 0, end);
        buffered = buffered.subarray(end + 2);
        return line;
      }
      if (buffered.length > MAX_LINE_BYTES || !(await readMore())) throw broken();
    }
  };

  for (;;) {
    const size = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(await readLine())?.[1];
    if (size === undefined) throw broken();
    let left = Number.parseInt(size, 16);
    if (left === 0) break;
    while (left > 0) {
      if (buffered.length === 0 && !(await readMore())) throw broken();
      const part = buffered.subarray(0, left);
      buffered = buffered.subarray(part.length);
      left -= part.length;
      yield part;
    }
    if ((await readLine()) !== '') throw broken();
  }
  for (let line = await readLine(); line !== ''; line = await readLine()) {
    const colon = line.indexOf(':');
    if (colon === -1) throw broken();
    trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}
