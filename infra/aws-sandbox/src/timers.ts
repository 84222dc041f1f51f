/** Delayed work that ends with the sandbox. */
export interface Timers {
  /** Runs `work` once after `delayMs`, unless everything stops before. */
  after(delayMs: number, work: () => void): void;
  /** Forgets all that is waiting; nothing starts any more. */
  stop(): void;
}

export const createTimers = (): Timers => {
  const waiting = new Set<NodeJS.Timeout>();
  let stopped = false;
  return {
    after(delayMs, work) {
      if (stopped) return;
      const timer = setTimeout(() => {
        waiting.delete(timer);
        work();
      }, delayMs);
      waiting.add(timer);
    },
    stop() {
      stopped = true;
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    },
  };
};
