/** What waits of one organization, and its share of each round. */
export interface Backlog {
  organizationId: string;
  /** Messages that are due. */
  messages: number;
  weight: number;
}

/**
 * How many messages go before one, and it. Organizations are served in rounds by their shares, so of each other one as many
 * rounds go before it as it has to wait for in its own queue, if that one has so many.
 * @param position  in the queue of its organization, from 1.
 */
export function turnOf(position: number, own: Backlog, all: readonly Backlog[]): number {
  const rounds = position / own.weight;
  return all.reduce(
    (sum, { organizationId, messages, weight }) =>
      organizationId === own.organizationId ? sum : sum + Math.min(messages, Math.ceil(rounds * weight)),
    position,
  );
}

/** About as many of an organization's messages as go within some seconds. */
export function soonGone(seconds: number, own: Backlog, all: readonly Backlog[], perSecond: number): number {
  const shares = all.reduce((sum, { weight }) => sum + weight, 0);
  return Math.floor((seconds * perSecond * own.weight) / shares);
}
