import { openDataDir } from '../data-dir/data-dir.js';
import { lockDataDir } from '../data-dir/lock.js';
import { Launch } from './launch.js';
import type { Stack, StackOptions } from './stack.js';

/**
 * Starts a whole Postern: PostgreSQL, NATS, the AWS sandbox (each unless a setting names a real one), the migrations,
 * the six services, and an organization with keys. A second start with the same data directory goes on with its data,
 * also after the first one was killed.
 * @returns when everything is ready and `local.json` is written.
 * @throws StartError with one clear sentence for what a person can mend; everything that was started has ended then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const dataDir = await openDataDir(options.dataDir);
  const launch = new Launch(options, dataDir, await lockDataDir(dataDir));
  const abort = (): void => void launch.stop();
  options.signal?.addEventListener('abort', abort);
  try {
    options.signal?.throwIfAborted();
    return await launch.run();
  } catch (error) {
    await launch.stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', abort);
  }
}
