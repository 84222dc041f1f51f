import type { Carrier, Valve } from './carrier.js';

/** What brings live mail out of the house: a carrier, and what else differs with it. */
export interface Provider {
  carrier: Carrier;
  valve: Valve;
  /** The Message-ID that recipients see, in brackets, from the id that the carrier got. */
  wireMessageId(providerId: string): string;
  /** Whether feedback can ever prove a send whose answer was lost. If not, the rule for doubt is `fail`. */
  proves: boolean;
  /**
   * Makes a sign that feedback is alive, for sends in doubt that no other traffic helps. Only where it {@link proves}.
   * @throws when it cannot.
   */
  askForLife?(): Promise<void>;
}

/** Injects the {@link Provider} of live mail. */
export const LIVE_PROVIDER = Symbol('LIVE_PROVIDER');
