import type { Tenant } from '@postern/contracts';

/**
 * Where a message stands among those of its tenant or inbox. The index holds this as keys, so that a search can look at
 * the newest messages only: it takes the smallest range first and a sixteen times larger one when that does not fill a
 * page. Frequent words are so found among the newest thousand messages, and rare ones are few in any range.
 */

/** Messages of one block, the smallest range. Measured: half as many or twice as many make no difference. */
export const BLOCK_SIZE = 1024;
const BLOCKS_PER_STEP = 16;
/** Ranges of 2, 32 and 512 blocks; what they do not hold is looked for among all. */
const STEPS = [0, 1, 2];

/** The scope of a tenant's messages in all inboxes; an inbox's scope is its id. */
export const tenantScope = ({ organizationId, mode }: Tenant): string => `${organizationId}.${mode}`;

export const blockOf = (ordinal: number): number => Math.floor(ordinal / BLOCK_SIZE);

const groupOf = (block: number, step: number): number => Math.floor(block / BLOCKS_PER_STEP ** step);
const groupKey = (scopeId: string, step: number, group: number): string => `${scopeId}/${step}.${group}`;

/** The keys of a message's place: its scope as a whole, and its block and groups of blocks. */
export const placeKeys = (scopeId: string, ordinal: number): string[] => [
  scopeId,
  ...STEPS.map((step) => groupKey(scopeId, step, groupOf(blockOf(ordinal), step))),
];

/** A range of blocks that ends with a certain block. */
export interface Range {
  /** A message with any of these keys is in the range, or newer than its end. */
  keys: string[];
  /** Where the range begins. */
  firstBlock: number;
}

/** Ever larger ranges that hold a block and those before it; the last one begins with the first block. */
export function rangesUpTo(scopeId: string, block: number): Range[] {
  const ranges: Range[] = [];
  for (const step of STEPS) {
    const group = groupOf(block, step);
    const first = Math.max(0, group - 1);
    const keys = [groupKey(scopeId, step, group), ...(first < group ? [groupKey(scopeId, step, first)] : [])];
    ranges.push({ keys, firstBlock: first * BLOCKS_PER_STEP ** step });
    if (first === 0) return ranges;
  }
  return [...ranges, { keys: [scopeId], firstBlock: 0 }];
}
