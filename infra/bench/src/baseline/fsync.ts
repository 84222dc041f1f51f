import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { percentile } from '../figures/percentile.js';

const WRITES = 300;
/** One page of PostgreSQL's log. */
const PAGE_BYTES = 8192;

/** @returns the median time, in microseconds, until a page that was written to this directory is on disk. */
export async function fsyncMicroseconds(directory: string): Promise<number> {
  const path = join(directory, 'fsync-probe');
  const file = await open(path, 'w');
  const times: number[] = [];
  try {
    const page = Buffer.alloc(PAGE_BYTES, 1);
    for (let write = 0; write < WRITES; write += 1) {
      await file.write(page, 0, PAGE_BYTES, 0);
      const from = performance.now();
      await file.datasync();
      times.push((performance.now() - from) * 1000);
    }
  } finally {
    await file.close();
    await rm(path);
  }
  return percentile(times, 0.5);
}
