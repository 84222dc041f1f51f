import { UPLOAD_MAX_BYTES } from '@postern/contracts';
import type { Readable } from 'node:stream';
import { badRequest, payloadTooLarge } from '@postern/platform';

/** A file as a client uploads it; its content can be read once. */
export interface GivenFile {
  filename: string;
  /** As the client declares it. */
  contentType: string | undefined;
  content: AsyncIterable<Uint8Array>;
}

/** What a multipart form adds around a file: boundaries and a few headers. */
const FORM_MAX_BYTES = 64 * 1024;
/** No body of an upload is longer. */
export const UPLOAD_BODY_MAX_BYTES = UPLOAD_MAX_BYTES + FORM_MAX_BYTES;

export const fileTooLarge = () => payloadTooLarge('Send a file of at most 25 MiB.');

/** A body as it arrives. Who stops reading leaves it be, so that the reply can go out. @throws AppError `bad_request` */
export async function* octetsOf(payload: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of payload.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  } catch {
    throw badRequest('The body ended before its end; send it whole.');
  }
}

/** The same octets, up to a limit. @throws AppError `payload_too_large`. */
export async function* upTo(maxBytes: number, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of source) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw fileTooLarge();
    yield chunk;
  }
}

/** Remembers the first octets of what flows through. */
export class Head {
  private readonly chunks: Uint8Array[] = [];
  private missingBytes: number;

  constructor(sizeBytes: number) {
    this.missingBytes = sizeBytes;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  async *of(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      if (this.missingBytes > 0) {
        // A copy: the buffer may be used again for what comes next.
        this.chunks.push(Uint8Array.prototype.slice.call(chunk, 0, this.missingBytes));
        this.missingBytes -= Math.min(this.missingBytes, chunk.byteLength);
      }
      yield chunk;
    }
  }
}
