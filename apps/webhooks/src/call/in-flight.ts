/** A call, as far as counting goes. */
export interface Counted {
  organizationId: string;
  webhookId: string;
  isFailing: boolean;
}

/** What is under way in this process at one moment. */
export interface Busy {
  endpoints: ReadonlyMap<string, number>;
  /** One for each organization and kind of endpoint that has any. */
  tenants: readonly { organizationId: string; isFailing: boolean; calls: number }[];
  /** To failing endpoints. */
  failing: number;
}

/** Counts what is under way: in all, for each endpoint, and for the healthy and the failing ones of each organization. */
export class InFlight {
  private all = 0;
  private readonly endpoints = new Map<string, number>();
  private readonly healthy = new Map<string, number>();
  private readonly failing = new Map<string, number>();
  private idle: (() => void)[] = [];

  get total(): number {
    return this.all;
  }

  busy(): Busy {
    const of = (counts: ReadonlyMap<string, number>, isFailing: boolean): Busy['tenants'] =>
      [...counts].map(([organizationId, calls]) => ({ organizationId, isFailing, calls }));
    return {
      endpoints: new Map(this.endpoints),
      tenants: [...of(this.healthy, false), ...of(this.failing, true)],
      failing: [...this.failing.values()].reduce((sum, calls) => sum + calls, 0),
    };
  }

  enter(call: Counted): void {
    this.all += 1;
    this.count(call, 1);
  }

  leave(call: Counted): void {
    this.all -= 1;
    this.count(call, -1);
    if (this.all === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  /** Resolves when nothing is under way. */
  ended(): Promise<void> {
    return this.all === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve));
  }

  private count({ organizationId, webhookId, isFailing }: Counted, by: 1 | -1): void {
    add(this.endpoints, webhookId, by);
    add(isFailing ? this.failing : this.healthy, organizationId, by);
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
