import type { IncomingMessage } from 'node:http';

/** Thrown when a body is longer than its route takes. */
export class BodyTooLarge extends Error {
  constructor(readonly limitBytes: number) {
    super(`The body is longer than ${limitBytes} bytes.`);
  }
}

/**
 * Reads a whole request body.
 * @throws BodyTooLarge past the limit; an Error when the client goes away first.
 */
export const readBody = async (request: IncomingMessage, limitBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) throw new BodyTooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
};
