import type { LoudRule } from './loud-lines.js';
import type { StopStep } from './terminate.js';

/** What to run and how to tell that it is ready. */
export interface ProcessSpec {
  /** Names the log file, the pid file and the lines on the runner's output. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The user to drop to; without it the runner's own. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** Runs before every start, the first and each later one. */
  prepare?(): Promise<void>;
  /** One look; false means "not yet". Called until it says true. */
  ready(): Promise<boolean>;
  /** When everything stops, stages end one after the other, the lowest first. */
  readonly stage: number;
  readonly stopSteps: readonly StopStep[];
  readonly loud: LoudRule;
}

/** Where a supervised process leaves its traces, and who wants to hear of it. */
export interface Surroundings {
  readonly logDir: string;
  readonly runDir: string;
  /** Takes one line for a person to read. */
  report(line: string): void;
  /** Called whenever the process became ready, and when it was started 5 s ago and is not: its number is another one. */
  onChange?(): void;
}
