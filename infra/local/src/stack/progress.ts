/** Tells a person how far a start is. */
export class Progress {
  constructor(readonly say: (line: string) => void) {}

  /** Does a step, and says so with the time it took when it is done. */
  async step<T>(done: string, work: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    const result = await work();
    this.say(`${done} (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
    return result;
  }
}
