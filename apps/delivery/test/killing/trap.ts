/** Where a process may be struck: every step on the way of a send through it. */
export const TRAP_POINTS = [
  /** Sends are claimed, but the claim is not committed. */
  'claim_open',
  /** The claim is committed, and the lease was looked at; SES is not asked. */
  'before_call',
  /** SES has the message, its answer is on the way. */
  'in_call',
  /** SES has answered; nothing is written. */
  'answered',
  /** The result is written, but not committed. */
  'result_open',
  /** The result is committed; the relay has not published its facts. */
  'result_committed',
] as const;
/** Every step from what was noted of an inbox to its brake, and from its resume to what waited. */
export const BRAKE_POINTS = [
  /** Counted, but not committed. */
  'added_up',
  /** The brake is on, but not committed. */
  'brake_set',
  /** The brake is committed; the relay has not published it. */
  'brake_committed',
  /** What waited may go, but that is not committed. */
  'release_open',
] as const;
export type TrapPoint = (typeof TRAP_POINTS)[number] | (typeof BRAKE_POINTS)[number];

/** Strikes its own process once: SIGKILL ends it, SIGSTOP pauses it, right there. */
export class Trap {
  private armed = true;

  constructor(
    private readonly point: TrapPoint,
    private readonly signal: 'SIGKILL' | 'SIGSTOP',
  ) {}

  is(point: TrapPoint): boolean {
    return this.armed && point === this.point;
  }

  reach(point: TrapPoint): void {
    if (!this.is(point)) return;
    this.armed = false;
    process.kill(process.pid, this.signal);
  }
}
