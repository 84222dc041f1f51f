import { domainOf } from './address.js';
import type { FailedRecipient } from './event-records.js';

/** What becomes of each recipient of one message. A recipient is in `delivered` and in the list of what follows. */
export interface Outcomes {
  readonly delivered: string[];
  readonly bounced: FailedRecipient[];
  readonly suppressed: FailedRecipient[];
  readonly complaining: string[];
  readonly delayed: FailedRecipient[];
  readonly autoAnswering: string[];
  /** To be handed on by SMTP. */
  readonly local: string[];
}

// SES developer guide, "Using the mailbox simulator": a label may follow the name of each.
const SIMULATOR_DOMAIN = 'simulator.amazonses.com';
const DELAYED_ADDRESS = /^delay(?:\+[^@]*)?@example\.test$/;

export const isSimulated = (address: string): boolean => domainOf(address) === SIMULATOR_DOMAIN;

/** The answer that the simulator's bounce gets. */
export const unknownUser = (address: string): FailedRecipient => ({
  address,
  status: '5.1.1',
  answer: '550 5.1.1 user unknown',
});

export const unreachable = (address: string): FailedRecipient => ({
  address,
  status: '4.4.1',
  answer: '421 4.4.1 Unable to connect to remote host',
});

const onSuppressionList = (address: string): FailedRecipient => ({
  address,
  status: '5.1.1',
  answer: 'Amazon SES has suppressed sending to this address because it has a recent history of bouncing',
});

/**
 * @param localDomain  recipients in it are `local`; undefined = there is no local domain.
 */
export const planOutcomes = (recipients: readonly string[], localDomain: string | undefined): Outcomes => {
  const outcomes: Outcomes = {
    delivered: [],
    bounced: [],
    suppressed: [],
    complaining: [],
    delayed: [],
    autoAnswering: [],
    local: [],
  };
  for (const recipient of recipients) {
    const address = recipient.toLowerCase();
    const simulated = isSimulated(address) ? address.split(/[+@]/, 1)[0] : undefined;
    if (simulated === 'bounce') outcomes.bounced.push(unknownUser(recipient));
    else if (simulated === 'suppressionlist') outcomes.suppressed.push(onSuppressionList(recipient));
    else if (DELAYED_ADDRESS.test(address)) outcomes.delayed.push(unreachable(recipient));
    else if (domainOf(address) === localDomain) outcomes.local.push(recipient);
    else {
      outcomes.delivered.push(recipient);
      if (simulated === 'complaint') outcomes.complaining.push(recipient);
      if (simulated === 'ooto') outcomes.autoAnswering.push(recipient);
    }
  }
  return outcomes;
};

// The EICAR test file, plain and as base64 of a part that starts with it; SES's documented way to cause a Reject.
const EICAR = ['EICAR-STANDARD-ANTIVIRUS-TEST-FILE', 'WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FS'];

export const hasTestVirus = (raw: Buffer): boolean => EICAR.some((mark) => raw.includes(mark));
