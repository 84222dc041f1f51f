import type { FileHandle } from 'node:fs/promises';

/** Writes a chunk at the end of what was written before: one write of the system may take a part only. */
export async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let offset = 0; offset < chunk.byteLength;) {
    offset += (await file.write(chunk, offset)).bytesWritten;
  }
}
