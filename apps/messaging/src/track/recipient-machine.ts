import type { RecipientStatus } from '@postern/contracts';

/** What can be said of a recipient. */
export type RecipientFact =
  'sent' | 'delivered' | 'bounced' | 'complained' | 'delayed' | 'rejected' | 'failed' | 'suppressed';

/** The next status, or why there is none. */
export type Transition = { to: RecipientStatus } | { ignored: string };

const to = (status: RecipientStatus): Transition => ({ to: status });
const ignored = (because: string): Transition => ({ ignored: because });

const REPEATED = ignored('it is so already');
const OVERTAKEN = ignored('a later fact came first');
const FINAL = ignored('a complaint is the last word');
const NOT_ASKED = ignored('the message was never handed over for this recipient');
const TAKEN = ignored('SES took the message');
const GONE = ignored('the message has ended for this recipient');

/** Anything that SES says about a recipient that was thought lost is better evidence than our own guess. */
const PROVEN = {
  sent: to('sent'),
  delivered: to('delivered'),
  bounced: to('bounced'),
  complained: to('complained'),
  delayed: to('delayed'),
};
const NEVER = {
  sent: NOT_ASKED,
  delivered: NOT_ASKED,
  bounced: NOT_ASKED,
  complained: NOT_ASKED,
  delayed: NOT_ASKED,
  rejected: NOT_ASKED,
  failed: NOT_ASKED,
  suppressed: NOT_ASKED,
};

/**
 * The whole table: every status against every fact. Feedback may come before `sent`, twice, or out of order.
 * SES may report a bounce after a delivery (the remote server changed its mind), never the other way round.
 */
const TABLE: Readonly<Record<RecipientStatus, Readonly<Record<RecipientFact, Transition>>>> = {
  queued: { ...PROVEN, rejected: to('rejected'), failed: to('failed'), suppressed: to('suppressed') },
  sent: {
    sent: REPEATED,
    delivered: to('delivered'),
    bounced: to('bounced'),
    complained: to('complained'),
    delayed: to('delayed'),
    rejected: to('rejected'),
    failed: TAKEN,
    suppressed: TAKEN,
  },
  delayed: {
    sent: OVERTAKEN,
    delivered: to('delivered'),
    bounced: to('bounced'),
    complained: to('complained'),
    delayed: REPEATED,
    rejected: to('rejected'),
    failed: TAKEN,
    suppressed: TAKEN,
  },
  delivered: {
    sent: OVERTAKEN,
    delivered: REPEATED,
    bounced: to('bounced'),
    complained: to('complained'),
    delayed: OVERTAKEN,
    rejected: OVERTAKEN,
    failed: TAKEN,
    suppressed: TAKEN,
  },
  bounced: {
    sent: OVERTAKEN,
    delivered: OVERTAKEN,
    bounced: REPEATED,
    complained: to('complained'),
    delayed: OVERTAKEN,
    rejected: OVERTAKEN,
    failed: TAKEN,
    suppressed: TAKEN,
  },
  complained: {
    sent: FINAL,
    delivered: FINAL,
    bounced: FINAL,
    complained: REPEATED,
    delayed: FINAL,
    rejected: FINAL,
    failed: FINAL,
    suppressed: FINAL,
  },
  failed: { ...PROVEN, rejected: to('rejected'), failed: REPEATED, suppressed: GONE },
  rejected: {
    sent: OVERTAKEN,
    delivered: GONE,
    bounced: GONE,
    complained: GONE,
    delayed: GONE,
    rejected: REPEATED,
    failed: GONE,
    suppressed: GONE,
  },
  suppressed: { ...NEVER, suppressed: REPEATED },
  skipped: NEVER,
  cancelled: NEVER,
};

/** Total and pure: never throws, whatever comes in whatever order. */
export const nextStatus = (status: RecipientStatus, fact: RecipientFact): Transition => TABLE[status][fact];
