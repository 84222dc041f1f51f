/**
 * Items in the order of their keys; those with the same key as they came. Whoever writes the rows of several items one by one
 * does it in one order everywhere, so that two transactions with the same ones cannot lock each other out.
 * @param keyOf  names what is locked for an item.
 */
export const inOneOrder = <T>(items: readonly T[], keyOf: (item: T) => string): T[] =>
  items
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .map(({ item }) => item);
