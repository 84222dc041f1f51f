import type { Environment } from '../config/environment.js';
import type { LocalJson } from '../local-json/local-json.js';
import type { ServiceDefinition } from '../services/service-definition.js';

export interface StackOptions {
  /** Made when missing; keeps everything. */
  readonly dataDir: string;
  /** Port of the gateway; 0, the default, takes a free one and remembers it. */
  readonly port?: number;
  /** Processes of each service, default 1. */
  readonly replicas?: number;
  /** Settings for every service; they win over all others. */
  readonly env?: Readonly<Record<string, string>>;
  /** The same for one service, by its name. */
  readonly envOf?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /**
   * Where DATABASE_URL, NATS_URL, AWS settings and settings for services are looked for. Nothing by default, so that a
   * test never sends real mail because of what is set in a developer's shell; the runner gives its own environment.
   */
  readonly environment?: Environment;
  /** Other programs in place of the six services and the sandbox. */
  readonly services?: readonly ServiceDefinition[];
  readonly sandboxScript?: string;
  /** Takes lines for a person: progress, and what processes complain about. Silent without it. */
  report?(line: string): void;
  /** Ends a start under way; what was started is stopped before `startStack` rejects. */
  readonly signal?: AbortSignal;
}

/**
 * A running Postern: what `npm start` starts. Names of processes are those of the services, and `postgres`, `nats`,
 * `aws-sandbox` where the stack runs them itself.
 */
export interface Stack {
  readonly dataDir: string;
  /** As in `local.json`, with the process numbers of this moment. */
  readonly local: LocalJson;
  /** Ends everything in good order, in under 10 s; data stays. Calling it twice is fine. */
  stop(): Promise<void>;
  /**
   * Sends a signal to all processes of this name (SIGKILL by default); one that ends by it is started again.
   * @returns their numbers.
   */
  kill(name: string, signal?: NodeJS.Signals): number[];
  /** Waits until all processes of this name are ready, after a `kill` until their successors are. */
  ready(name: string): Promise<void>;
  /** Ends the processes of this name in good order and keeps them down until `release`. */
  hold(name: string): Promise<void>;
  release(name: string): Promise<void>;
  /** What is kept of the output of all processes of this name. */
  logs(name: string): string;
}
