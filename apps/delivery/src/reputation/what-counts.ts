import { addressKey, type Feedback, isComplaint } from '@postern/contracts';

/** A report that counts against the sender. */
export interface CountedReport {
  kind: 'bounced' | 'complained';
  /** Whom it is about, in the form in which addresses are compared. One of them for a bounce, maybe several for a complaint. */
  addresses: string[];
}

/** SES did not send these, and leaves them out of its rates (developer guide, "Using the account-level suppression list"). */
const NOT_SENT = 'OnAccountSuppressionList';

/**
 * What of a report counts in the rates. Pure. A bounce counts once for each recipient. A complaint counts once however many
 * it names: SES guesses, and one person complained. Soft bounces and reports that mail is no spam count nothing.
 */
export function whatCounts(feedback: Pick<Feedback, 'kind' | 'type' | 'subType' | 'recipients'>): CountedReport[] {
  if (feedback.subType === NOT_SENT) return [];
  const addresses = [...new Set(feedback.recipients.map(({ address }) => addressKey(address)))].sort();
  if (feedback.kind === 'bounced' && feedback.type === 'Permanent') {
    return addresses.map((address) => ({ kind: 'bounced', addresses: [address] }));
  }
  return isComplaint(feedback) ? [{ kind: 'complained', addresses }] : [];
}
