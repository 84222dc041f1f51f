import type { Feedback } from '@postern/contracts';

/** Why sending waits although nothing is wrong with the message. */
export type WaitCause =
  /** Over the send rate. */
  | 'rate'
  /** The account's 24 hours are used up. */
  | 'quota'
  /** SES is away or broken, and clearly did not take it. */
  | 'outage'
  /** Credentials, clock, configuration set or a paused account: a person must act. */
  | 'operator'
  /** Our own content store does not have the message. SES was not asked. */
  | 'content';

/** What came of handing a message over. `code` is short and stable, `reason` is for the tenant to read. */
export type Outcome =
  | { kind: 'taken'; sesMessageId: string; feedback: SimulatedFeedback[] }
  | { kind: 'wait'; cause: WaitCause; code: string; reason: string }
  /** A clear no that is neither known to be final nor known to pass: costs a try. */
  | { kind: 'retry'; code: string; reason: string }
  | { kind: 'rejected'; code: string; reason: string }
  | { kind: 'failed'; code: string; reason: string }
  | { kind: 'unknown'; code: string; reason: string }
  /** The other side was not asked. */
  | { kind: 'unused' };

/** What a simulated hand-over leads to: no SES will ever tell, so the carrier says it at once. */
export type SimulatedFeedback = Pick<Feedback, 'kind' | 'recipients' | 'type' | 'subType'>;
