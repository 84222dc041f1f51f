/** What a block costs, and whether it is what the sender newly wrote. */
export interface Priced {
  cost: number;
  isNew: boolean;
}

/** A marker that says that something was cut, about. */
const CUT_TOKENS = 60;
/** Less than this of a history is of no use to anybody. */
const SHARE_MIN_TOKENS = 40;

/** How many tokens each block may take; it stops at the first that is cut, unless each cut is marked in its place. */
export interface Allowances {
  tokens: number[];
  stopsAtCut: boolean;
}

/** Straight on until nothing is left. */
export function inOrder(blocks: readonly Priced[], budget: number): Allowances {
  let left = budget;
  const tokens = blocks.map(({ cost }) => {
    const given = Math.min(cost, left);
    left = given < cost ? 0 : left - given;
    return given;
  });
  return { tokens, stopsAtCut: true };
}

/**
 * What is new first, wherever it stands: below a long quote it would never be read otherwise. What is left goes to the others
 * in their order. In order, when not even the new fits.
 */
export function newFirst(blocks: readonly Priced[], budget: number): Allowances {
  const total = blocks.reduce((sum, { cost }) => sum + cost, 0);
  if (total <= budget) return inOrder(blocks, budget);
  const reserved = blocks.reduce((sum, { cost, isNew }) => sum + (isNew ? cost : CUT_TOKENS), 0);
  const hasNew = blocks.some(({ isNew }) => isNew);
  if (!hasNew || reserved > budget) return inOrder(blocks, budget);
  let left = budget - reserved;
  const tokens = blocks.map(({ cost, isNew }) => {
    if (isNew) return cost;
    const given = cost <= left ? cost : left >= SHARE_MIN_TOKENS ? left : 0;
    left -= given;
    return given;
  });
  return { tokens, stopsAtCut: false };
}
