/** What a block costs, and whether it is what the sender newly wrote. */
export interface Priced {
  cost: number;
  isNew: boolean;
}

/** Of a small page the mail gets at least this part, however long the marker is that says where it was cut. */
const MAIL_SHARE_MIN = 1 / 4;
/** Less than this of a history is of no use to anybody. */
const SHARE_MIN_TOKENS = 40;

/** How many tokens each block may take; it stops at the first that is cut, unless each cut is marked in its place. */
export interface Allowances {
  tokens: number[];
  stopsAtCut: boolean;
}

const totalOf = (blocks: readonly Priced[]): number => blocks.reduce((sum, { cost }) => sum + cost, 0);

/** Straight on until nothing is left. @param marker  what it costs to say where it was cut. */
export function inOrder(blocks: readonly Priced[], budget: number, marker: number): Allowances {
  let left = totalOf(blocks) <= budget ? budget : Math.max(budget - marker, budget * MAIL_SHARE_MIN);
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
export function newFirst(blocks: readonly Priced[], budget: number, marker: number): Allowances {
  const reserved = blocks.reduce((sum, { cost, isNew }) => sum + (isNew ? cost : marker), 0);
  const hasNew = blocks.some(({ isNew }) => isNew);
  if (totalOf(blocks) <= budget || !hasNew || reserved > budget) return inOrder(blocks, budget, marker);
  let left = budget - reserved;
  const tokens = blocks.map(({ cost, isNew }) => {
    if (isNew) return cost;
    const given = cost <= left ? cost : left >= SHARE_MIN_TOKENS ? left : 0;
    left -= given;
    return given;
  });
  return { tokens, stopsAtCut: false };
}
