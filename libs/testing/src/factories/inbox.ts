import { newId, type Inbox } from '@postern/contracts';

const AT = '2026-11-21T13:25:59.123Z';
const DOMAIN = 'postern.test';

/** An inbox as messaging describes it; a test gives only what it is about. Its address follows from its slug. */
export function inboxOf(given: Partial<Inbox> = {}): Inbox {
  const id = given.id ?? newId('inb');
  const slug = given.slug ?? id.slice(-12);
  return {
    id,
    slug,
    address: `${slug}@${DOMAIN}`,
    display_name: null,
    domain: DOMAIN,
    security_level: 'guarded_send',
    status: 'active',
    paused_reason: null,
    on_flagged: 'hold',
    undo_seconds: 0,
    daily_send_limit: null,
    metadata: {},
    counters: { sent_today: 0, flagged: 0, withheld: 0, bounced: 0, complained: 0 },
    created_at: AT,
    updated_at: AT,
    ...given,
  };
}
