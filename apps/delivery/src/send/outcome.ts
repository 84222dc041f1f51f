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
  | { kind: 'taken'; sesMessageId: string; feedback: CarrierFeedback[] }
  | { kind: 'wait'; cause: WaitCause; code: string; reason: string }
  /** A clear no that is neither known to be final nor known to pass: costs a try. */
  | { kind: 'retry'; code: string; reason: string }
  /** `forOperator`: others of this sender will be rejected as well until a person has mended it. */
  | { kind: 'rejected'; code: string; reason: string; forOperator?: boolean }
  | { kind: 'failed'; code: string; reason: string }
  | { kind: 'unknown'; code: string; reason: string }
  /** The other side was not asked. */
  | { kind: 'unused' };

/** What the carrier itself knows of recipients: nobody else will tell. */
export type CarrierFeedback = Pick<Feedback, 'kind' | 'recipients' | 'type' | 'subType'>;
