import { cpus, loadavg, totalmem } from 'node:os';

const BYTES_PER_GB = 1e9;

/** What figures were measured on. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memory_gb: number;
  readonly node: string;
  /** Of the minute before the run: above the number of cores, the figures are not worth keeping. */
  readonly load_average: number;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    cores: processors.length,
    cpu: processors[0]?.model ?? 'unknown',
    memory_gb: Math.round(totalmem() / BYTES_PER_GB),
    node: process.version,
    load_average: loadavg()[0] ?? 0,
  };
}

export const describeMachine = (machine: Machine): string =>
  `${machine.cores} cores (${machine.cpu}), ${machine.memory_gb} GB, Node ${machine.node}, ` +
  `load average before the run ${machine.load_average.toFixed(2)}.\n` +
  'The load generator, the servers and the AWS sandbox share these cores.';
