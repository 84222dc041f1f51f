/** What a handler answers: the value of the reply, and whether an idempotency key gave it instead of the work. */
export interface Answer<T> {
  value: T;
  replayed: boolean;
  /** The preference of the client that was heeded, as the header Preference-Applied names it. */
  preferenceApplied?: string;
}

/** An answer that was worked for. */
export const fresh = <T>(value: T): Answer<T> => ({ value, replayed: false });

/** An answer that an earlier call had already. */
export const replay = <T>(value: T): Answer<T> => ({ value, replayed: true });
