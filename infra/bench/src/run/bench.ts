import type { Stack } from '@postern/local';
import type { BenchOptions } from '../options/parse-options.js';
import type { Gateway } from '../postern/gateway.js';
import type { Sandbox } from '../postern/sandbox.js';

/** What every phase works with. */
export interface Bench {
  readonly stack: Stack;
  readonly gateway: Gateway;
  readonly sandbox: Sandbox;
  readonly seconds: BenchOptions['seconds'];
  readonly mailboxes: BenchOptions['mailboxes'];
  readonly backlog: BenchOptions['backlog'];
  readonly queued: BenchOptions['queued'];
  /** The same stack again, with so many processes of each service. This bench is over then. */
  restart(replicas: number): Promise<Bench>;
}
