/** What became of a POST. */
export interface Outcome {
  /** Null when no answer came. */
  responseStatus: number | null;
  /** The beginning of the answer's body. */
  responseBody: string | null;
  /** One sentence when it did not succeed. */
  error: string | null;
  durationMs: number;
}

/** A call that was not made, and never will be. */
export interface Skipped {
  skipped: string;
}

export const ENDPOINT_DISABLED: Skipped = { skipped: 'The endpoint was disabled before this attempt.' };
export const EVENT_GONE: Skipped = { skipped: 'The event is no longer kept.' };

export const wasMade = (result: Outcome | Skipped): result is Outcome => !('skipped' in result);

/** RFC 9110 §15.5.11: the target is gone and that is likely to last. */
const GONE = 410;

export const isSuccess = ({ responseStatus }: Outcome): boolean =>
  responseStatus !== null && responseStatus >= 200 && responseStatus < 300;

/** The endpoint asks for no more calls. */
export const isGone = ({ responseStatus }: Outcome): boolean => responseStatus === GONE;
