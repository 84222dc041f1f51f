/** Counts connections in all and per client address, so that no client takes every place. */
export class ConnectionLimits {
  private readonly byAddress = new Map<string, number>();
  private all = 0;

  constructor(
    private readonly max: number,
    private readonly maxPerAddress: number,
  ) {}

  /** @returns false, with nothing counted, when there is no place for the client. */
  enter(address: string): boolean {
    const ofAddress = this.byAddress.get(address) ?? 0;
    if (this.all >= this.max || ofAddress >= this.maxPerAddress) return false;
    this.all += 1;
    this.byAddress.set(address, ofAddress + 1);
    return true;
  }

  leave(address: string): void {
    const left = (this.byAddress.get(address) ?? 1) - 1;
    this.all -= 1;
    if (left === 0) this.byAddress.delete(address);
    else this.byAddress.set(address, left);
  }
}
