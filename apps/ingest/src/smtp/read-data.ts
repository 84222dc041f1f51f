import type { SMTPServerDataStream } from 'smtp-server';
import type { OctetBudget } from './octet-budget.js';
import { busy, endedEarly, type SmtpReply, tooLarge } from './smtp-reply.js';

export interface DataLimits {
  maxBytes: number;
  /** For the whole message: a client that sends one octet at a time must not hold the connection for ever. */
  maxMs: number;
  budget: OctetBudget;
}

/**
 * Reads the octets of one message and hands them on. They count against the budget until the work is done. A message
 * that is refused is still read to its end, so that the answer comes where the client waits for it.
 * @returns what the work returns, or why the message is not taken: too large, no room for it, or it did not come to its end.
 */
export async function withData<T>(
  stream: SMTPServerDataStream,
  { maxBytes, maxMs, budget }: DataLimits,
  work: (raw: Buffer) => Promise<T>,
): Promise<T | SmtpReply> {
  let chunks: Buffer[] = [];
  let takenBytes = 0;
  let refusal: SmtpReply | null = null;
  const timer = setTimeout(() => stream.destroy(new Error('too slow')), maxMs);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (stream.sizeExceeded) refusal = tooLarge(maxBytes);
      else if (refusal === null && !budget.take(chunk.length)) refusal = busy();
      if (refusal === null) {
        takenBytes += chunk.length;
        chunks.push(chunk);
      } else {
        chunks = [];
      }
    }
  } catch {
    budget.giveBack(takenBytes);
    return endedEarly();
  } finally {
    clearTimeout(timer);
  }
  try {
    if (stream.sizeExceeded) return tooLarge(maxBytes);
    return refusal ?? (await work(Buffer.concat(chunks)));
  } finally {
    budget.giveBack(takenBytes);
  }
}
