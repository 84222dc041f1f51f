/** First in, first out, at constant cost per item however long it grows. */
export interface Fifo<T> {
  push(item: T): void;
  shift(): T | undefined;
  clear(): void;
  /** The items from the oldest on; `index` 0 is the oldest. */
  at(index: number): T | undefined;
  readonly length: number;
}

// Below this many freed slots, moving the rest costs more than keeping them.
const FREED_BEFORE_COMPACTING = 1_024;

export const createFifo = <T>(): Fifo<T> => {
  let items: (T | undefined)[] = [];
  let head = 0;
  return {
    push: (item) => void items.push(item),
    shift() {
      const item = items[head];
      if (head === items.length) return undefined;
      items[head++] = undefined;
      if (head > FREED_BEFORE_COMPACTING && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
    clear() {
      items = [];
      head = 0;
    },
    at: (index) => (index < 0 ? undefined : items[head + index]),
    get length() {
      return items.length - head;
    },
  };
};
