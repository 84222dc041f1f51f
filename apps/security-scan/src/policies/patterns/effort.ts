/** Time that may be spent on something, by a clock that only goes forward. */
export class Effort {
  private readonly until: number;

  /** @param now  milliseconds. */
  constructor(
    limitMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.until = now() + limitMs;
  }

  get spent(): boolean {
    return this.now() > this.until;
  }
}
