/** Leaves a transaction because an earlier call holds the idempotency key. */
class Taken extends Error {
  constructor(readonly id: string) {
    super('the idempotency key is taken');
  }
}

/** What a first call made, or the id of what an earlier call with its idempotency key made. */
export type FirstCall<T> = { value: T } | { takenFor: string };

/**
 * Runs a transaction that takes an idempotency key, and rolls it back when the key is taken.
 * @param work  gets a function to call with what `IdempotencyKeys.take` gave.
 */
export async function rollBackIfTaken<T>(
  work: (rollBackTo: (takenFor: string | null) => void) => Promise<T>,
): Promise<FirstCall<T>> {
  try {
    const value = await work((takenFor) => {
      if (takenFor !== null) throw new Taken(takenFor);
    });
    return { value };
  } catch (error) {
    if (error instanceof Taken) return { takenFor: error.id };
    throw error;
  }
}
