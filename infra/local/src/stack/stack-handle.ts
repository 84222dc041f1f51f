import type { LocalJson } from '../local-json/local-json.js';
import type { Fleet } from './fleet.js';
import type { Stack } from './stack.js';

/** What the caller of a finished start holds in hand. */
export function stackHandle(dataDir: string, fleet: Fleet, local: () => LocalJson, stop: () => Promise<void>): Stack {
  const each = async (name: string, work: 'start' | 'stop'): Promise<void> => {
    await Promise.all(fleet.group(name).map((process) => process[work]()));
  };
  return {
    dataDir,
    get local() {
      return local();
    },
    stop,
    kill: (name, signal = 'SIGKILL') => fleet.group(name).map((process) => process.kill(signal)),
    ready: (name) => each(name, 'start'),
    hold: (name) => each(name, 'stop'),
    release: (name) => each(name, 'start'),
    logs: (name) =>
      fleet
        .group(name)
        .map(({ output }) => output)
        .join(''),
  };
}
