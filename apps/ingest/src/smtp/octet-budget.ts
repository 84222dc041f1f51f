/** Bounds what all connections together hold in memory. */
export class OctetBudget {
  private used = 0;

  constructor(private readonly maxBytes: number) {}

  /** @returns false, with nothing taken, when the rest does not suffice. */
  take(bytes: number): boolean {
    if (this.used + bytes > this.maxBytes) return false;
    this.used += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.used -= bytes;
  }
}
