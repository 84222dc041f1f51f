import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./bare-posts.process.js', import.meta.url));

export interface BarePosts {
  readonly url: string;
  readonly count: number;
  readonly concurrency: number;
  readonly bodyBytes: number;
}

/** Makes POSTs from a process of its own, as the service that is measured beside it is one. @throws Error when one fails. */
export async function barePosts({ url, count, concurrency, bodyBytes }: BarePosts): Promise<void> {
  const args = [PROGRAM, url, String(count), String(concurrency), String(bodyBytes)];
  const [code] = (await once(spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] }), 'exit')) as [
    number | null,
  ];
  if (code !== 0) throw new Error('The bare POSTs failed.');
}
