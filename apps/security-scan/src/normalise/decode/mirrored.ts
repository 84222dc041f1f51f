/** The commonest words of English prose; nearly every sentence has two. Neither turned around nor rotated are they words. */
const COMMON =
  /(?<![a-z])(?:the|and|you|your|for|with|that|this|from|all|are|not|will|have|our|previous|ignore|instructions)(?![a-z])/gi;
/** In a stretch that was encoded: as many as a sentence of an order has. */
const COMMON_MIN = 3;
/** Long enough for a sentence, short enough that a plain one beside it does not outweigh it. */
const STRETCH_CHARS = 400;

/**
 * What becomes prose by turning letters into others: such text looks like words to a pattern, so the commonest words tell
 * which stretches are meant.
 * @param turn  its own inverse, for all that matters here.
 * @returns the stretches that are prose only when turned, as they then read.
 */
export function mirrored(text: string, turn: (text: string) => string): string[] {
  const lines = text.split('\n').flatMap((line) => line.match(new RegExp(`.{1,${STRETCH_CHARS}}`, 'gsu')) ?? []);
  const turned: string[] = [];
  for (const line of lines) {
    if (line.length < COMMON_MIN * 3 || count(line) > 0) continue;
    const other = turn(line);
    if (count(other) >= COMMON_MIN) turned.push(other);
  }
  return turned;
}

const count = (text: string): number => text.match(COMMON)?.length ?? 0;
