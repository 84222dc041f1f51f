import { unavailable } from '@postern/platform';

const TIMEOUT_MS = 5_000;
/** A certificate is about 2 KiB, a confirmation's answer below 1 KiB. */
const SIZE_MAX_BYTES = 32 * 1024;

/**
 * GETs a small text: no redirects, 5 s, 32 KiB.
 * @returns null when the server says no (any status but 2xx below 500).
 * @throws AppError `unavailable` when it cannot be asked now.
 */
export async function fetchSmall(url: string): Promise<string | null> {
  try {
    const reply = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (reply.status >= 500) throw new Error(`answered ${reply.status}`);
    const text = await readBounded(reply);
    return reply.ok ? text : null;
  } catch (error) {
    throw unavailable('SNS cannot be reached to check this message; it will come again.', { cause: error });
  }
}

async function readBounded(reply: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of reply.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > SIZE_MAX_BYTES) throw new Error(`answered more than ${SIZE_MAX_BYTES} octets`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
