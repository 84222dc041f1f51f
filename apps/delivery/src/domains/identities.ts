/** What Amazon SES gave for a domain. */
export interface Identity {
  verificationToken: string;
  dkimTokens: string[];
  /** The envelope domain of its mail; null when none could be set. */
  mailFromDomain: string | null;
  /** SES had it before us: whoever made it keeps it. */
  wasThere: boolean;
}

/** `unknown`: SES cannot tell for the moment; nothing changes. */
export type IdentityState = 'pending' | 'verified' | 'failed' | 'unknown';

/** Whoever lets a domain send. */
export interface Identities {
  readonly region: string;
  /**
   * Makes what is missing and tells how it stands. Safe to repeat, and to run twice at once.
   * @param known  what an earlier call gave.
   * @param again  verification begins anew if it had failed.
   * @throws the SDK's error when SES is away or throttles.
   */
  ensure(name: string, known: Identity | null, again: boolean): Promise<{ identity: Identity; state: IdentityState }>;
  /** One that is not there is no error. */
  remove(name: string): Promise<void>;
}

/** Token of {@link Identities}; null where another than SES sends. */
export const IDENTITIES = Symbol('identities');
