/** Collects conditions with their parameters. */
export class Where {
  readonly params: unknown[] = [];
  private readonly conditions: string[] = [];

  /** @returns the placeholder of a value. */
  param(value: unknown): string {
    this.params.push(value);
    return `$${this.params.length}`;
  }

  /** @param condition  with `?` where the parameter goes. Skipped when the value is undefined. */
  add(condition: string, value: unknown): void {
    if (value !== undefined) this.conditions.push(condition.replaceAll('?', this.param(value)));
  }

  toString(): string {
    return this.conditions.length === 0 ? 'true' : this.conditions.join(' AND ');
  }
}
