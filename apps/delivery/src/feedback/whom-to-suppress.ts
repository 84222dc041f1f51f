import { addressKey, type Feedback, suppresses, type SuppressionReason } from '@postern/contracts';

/** Whom a report of SES puts on the suppression list. */
export interface ToSuppress {
  addresses: string[];
  reason: SuppressionReason;
  /** How many the report named: a complaint that names several is SES's guess, and counts for each. */
  oneOf: number;
}

/**
 * Reads from feedback who is not to be written to again. Pure.
 * @param recipients  those of the message; null when delivery does not know it (any more): then the report is taken as it is.
 * @returns null when the report suppresses nobody. An address that is none of the recipients (a forwarded mail's) counts
 *   for the only recipient, and for nobody when there are several.
 */
export function whomToSuppress(feedback: Feedback, recipients: readonly string[] | null): ToSuppress | null {
  const reason = suppresses(feedback);
  if (reason === null) return null;
  const named = feedback.recipients.map(({ address }) => address);
  const known = recipients?.map(addressKey);
  const addresses = named.flatMap((address) => {
    if (known === undefined || known.includes(addressKey(address))) return [addressKey(address)];
    return known.length === 1 ? known : [];
  });
  return addresses.length === 0 ? null : { addresses: [...new Set(addresses)], reason, oneOf: named.length };
}
