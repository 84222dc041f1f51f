/** Counts what is under way, in all and for each endpoint. */
export class InFlight {
  readonly perEndpoint = new Map<string, number>();
  private all = 0;
  private idle: (() => void)[] = [];

  get total(): number {
    return this.all;
  }

  enter(webhookId: string): void {
    this.all += 1;
    this.perEndpoint.set(webhookId, (this.perEndpoint.get(webhookId) ?? 0) + 1);
  }

  leave(webhookId: string): void {
    this.all -= 1;
    const left = (this.perEndpoint.get(webhookId) ?? 0) - 1;
    if (left > 0) this.perEndpoint.set(webhookId, left);
    else this.perEndpoint.delete(webhookId);
    if (this.all === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  /** Resolves when nothing is under way. */
  ended(): Promise<void> {
    return this.all === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve));
  }
}
