import type { CarrierFeedback } from '../send/outcome.js';

type Recipient = CarrierFeedback['recipients'][number];

/** Amazon's mailbox simulator: `<what>+<label>@simulator.amazonses.com` (SES developer guide, "Using the mailbox simulator"). */
const SIMULATOR = /^([a-z]+)(?:\+[^@]*)?@simulator\.amazonses\.com$/i;

const delivered = (address: string): Recipient => ({
  address,
  status: null,
  diagnostic: '250 2.6.0 Message received',
});
const unknownUser = (address: string): Recipient => ({
  address,
  status: '5.1.1',
  diagnostic: 'smtp; 550 5.1.1 user unknown',
});
const onGlobalList = (address: string): Recipient => ({
  address,
  status: '5.1.1',
  diagnostic: 'Amazon SES has suppressed sending to this address because it has a recent history of bouncing.',
});

/**
 * What SES's mailbox simulator would tell about these recipients; every other address is delivered. In the order in which
 * SES tells: a complaint comes after its delivery. Pure.
 */
export function simulatedFeedback(recipients: readonly string[]): CarrierFeedback[] {
  const acting = (role: string) => recipients.filter((address) => roleOf(address) === role);
  const bounced = acting('bounce');
  const suppressed = acting('suppressionlist');
  const arrived = recipients.filter((address) => !bounced.includes(address) && !suppressed.includes(address));
  const all: CarrierFeedback[] = [
    { kind: 'delivered', type: null, subType: null, recipients: arrived.map(delivered) },
    { kind: 'bounced', type: 'Permanent', subType: 'General', recipients: bounced.map(unknownUser) },
    { kind: 'bounced', type: 'Permanent', subType: 'Suppressed', recipients: suppressed.map(onGlobalList) },
    { kind: 'complained', type: 'abuse', subType: null, recipients: acting('complaint').map(named) },
  ];
  return all.filter((feedback) => feedback.recipients.length > 0);
}

const named = (address: string): Recipient => ({ address, status: null, diagnostic: null });
const roleOf = (address: string): string | undefined => SIMULATOR.exec(address)?.[1]?.toLowerCase();
