import { setTimeout as pause } from 'node:timers/promises';
import type { Stack } from '@postern/local';
import type { Figure, PhaseResult } from '../figures/figure.js';
import { memoryOf } from '../processes/memory.js';
import type { StartTimes } from './own-stack.js';

/** Until garbage of the start is collected and start-up work has ended. */
const IDLE_MS = 5_000;

/** Start times, and what the stack holds when nothing happens. */
export async function measureStart(stack: Stack, times: StartTimes): Promise<PhaseResult> {
  const figures: Figure[] = [
    { name: 'start.cold', label: 'cold start', value: times.cold, unit: 's' },
    { name: 'start.warm', label: 'warm start', value: times.warm, unit: 's' },
  ];
  await pause(IDLE_MS);
  const memory = memoryOf(stack.local.pids, process.pid);
  if (memory) {
    const total = [...memory.values()].reduce((sum, size) => sum + size, 0);
    figures.push({ name: 'memory.total', label: 'whole stack, idle', value: total, unit: 'MB' });
    for (const [name, size] of memory) {
      figures.push({ name: `memory.${name}`, label: name.replace('_', ' '), value: size, unit: 'MB' });
    }
  }
  return { figures, failures: [] };
}
