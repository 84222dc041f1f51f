import type { Tenant } from '@postern/contracts';

/**
 * Where a message stands among those of its tenant or inbox. The index holds this as keys, so that a search can look at
 * the newest messages only: it takes the smallest range first and a sixteen times larger one when that does not fill a
 * page. Frequent words are so found among the newest thousand messages, and rare ones are few in any range. A range with
 * many hits of which the newest part has few (a word of long ago) is looked at in parts.
 */

/** Messages of one block, the smallest range. Measured: half as many or twice as many make no difference. */
export const BLOCK_SIZE = 1024;
const BLOCKS_PER_STEP = 16;
/** Ranges of 2, 32 and 512 blocks; what they do not hold is looked for among all. */
const STEPS = [0, 1, 2];
/** Of a range that is looked at in parts, most are empty: so many are asked for together. */
const GROUPS_AT_ONCE = 4;

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

/** A range of blocks that is looked at as a whole. */
export interface Range {
  /** A message with any of these keys is in the range, or newer than its end. */
  keys: string[];
  /** Where the range begins. */
  firstBlock: number;
  /** What is left of the range when the one before it was looked at, in smaller ranges, the newest first; none for blocks. */
  parts(): Range[];
}

/** Consecutive groups of one size. Several are divided into each alone, one into spans of the next smaller size. */
const span = (scopeId: string, step: number, newest: number, oldest: number): Range => {
  const groups = Array.from({ length: newest - oldest + 1 }, (_, index) => newest - index);
  return {
    keys: groups.map((group) => groupKey(scopeId, step, group)),
    firstBlock: oldest * BLOCKS_PER_STEP ** step,
    parts: () =>
      groups.length > 1
        ? groups.map((group) => span(scopeId, step, group, group))
        : spans(scopeId, step - 1, (newest + 1) * BLOCKS_PER_STEP - 1, newest * BLOCKS_PER_STEP),
  };
};

/** Groups of one size, some at a time, from the newest to the oldest. */
function spans(scopeId: string, step: number, newest: number, oldest: number): Range[] {
  if (step < 0 || newest < oldest) return [];
  const first = span(scopeId, step, newest, Math.max(oldest, newest - GROUPS_AT_ONCE + 1));
  return [first, ...spans(scopeId, step, newest - GROUPS_AT_ONCE, oldest)];
}

/** Ever larger ranges that hold a block and those before it; the last one begins with the first block. */
export function rangesUpTo(scopeId: string, block: number): Range[] {
  const ranges: Range[] = [];
  for (const step of STEPS) {
    const group = groupOf(block, step);
    const first = Math.max(0, group - 1);
    // Of the next smaller groups, the range before had the newest two.
    const newestLeft = groupOf(block, step - 1) - 2;
    ranges.push({
      keys: [groupKey(scopeId, step, group), ...(first < group ? [groupKey(scopeId, step, first)] : [])],
      firstBlock: first * BLOCKS_PER_STEP ** step,
      parts: () => spans(scopeId, step - 1, newestLeft, first * BLOCKS_PER_STEP),
    });
    if (first === 0) return ranges;
  }
  const last = STEPS.length - 1;
  return [
    ...ranges,
    { keys: [scopeId], firstBlock: 0, parts: () => spans(scopeId, last, groupOf(block, last) - 2, 0) },
  ];
}
