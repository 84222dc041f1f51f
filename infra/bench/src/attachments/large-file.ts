import { createHash, randomBytes } from 'node:crypto';

export const FILE_BYTES = 25 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** A file as large as an upload may be, made while it is sent: the sender's memory is not to be measured. */
export function largeFile(): { stream: ReadableStream<Uint8Array>; sha256: () => string } {
  const hash = createHash('sha256');
  let left = FILE_BYTES;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = randomBytes(Math.min(CHUNK_BYTES, left));
      left -= chunk.byteLength;
      hash.update(chunk);
      controller.enqueue(chunk);
      if (left === 0) controller.close();
    },
  });
  return { stream, sha256: () => hash.digest('hex') };
}

/** SHA-256 of what comes, and how much it was, without keeping it. */
export async function digestOf(
  stream: ReadableStream<Uint8Array> | null,
): Promise<{ sha256: string; sizeBytes: number }> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of stream ?? []) {
    hash.update(chunk);
    sizeBytes += chunk.byteLength;
  }
  return { sha256: hash.digest('hex'), sizeBytes };
}
