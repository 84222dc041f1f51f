import { type CommandContext, covers, type InDoubtRule, PLATFORM_ORGANIZATION } from '@postern/contracts';
import type { Principal } from '../auth/principal.js';

/** Who asks, as handlers get it. */
export interface Caller {
  /** Goes with every command. */
  context: CommandContext;
  scopes: readonly string[];
  /** When the caller's own key ends; null is never. */
  expiresAt: Date | null;
  /** May see what the guard withholds. */
  readsWithheld: boolean;
  /** The organization's rule for sends whose outcome stays unknown. */
  inDoubt: InDoubtRule;
  /** Messages that the organization may send on one day, UTC, in this mode; null is unlimited. */
  sendsPerDay: number | null;
  /** The organization's limit; null is unlimited. */
  creditsPerMonth: number | null;
  /** How long the caller prefers to wait for an outcome (`Prefer: wait`), where the route heeds it; null is not at all. */
  waitSeconds: number | null;
  /** Aborts when nobody waits for the reply any more. */
  gone(): AbortSignal;
}

/** What a request adds to who asks. */
export type RequestParticulars = Pick<CommandContext, 'requestId' | 'traceparent' | 'idempotency'> &
  Pick<Caller, 'waitSeconds' | 'gone'>;

const PLATFORM = { organizationId: PLATFORM_ORGANIZATION, mode: 'live' } as const;

/** The caller of a request. The root key acts for the platform's own organization, a link for the one that it names. */
export function callerOf(principal: Principal, { waitSeconds, gone, ...particulars }: RequestParticulars): Caller {
  if (principal.kind !== 'key') {
    const { organizationId, mode } = principal.kind === 'link' ? principal : PLATFORM;
    return {
      context: { organizationId, mode, keyId: null, inboxIds: null, ...particulars },
      scopes: [],
      expiresAt: null,
      readsWithheld: false,
      inDoubt: 'resend',
      sendsPerDay: null,
      creditsPerMonth: null,
      waitSeconds,
      gone,
    };
  }
  const { organizationId, mode, keyId, inboxIds, scopes, expiresAt, limits, inDoubt } = principal;
  return {
    context: { organizationId, mode, keyId, inboxIds: inboxIds === null ? null : [...inboxIds], ...particulars },
    scopes,
    expiresAt,
    readsWithheld: covers(scopes, 'messages:read_withheld'),
    inDoubt,
    sendsPerDay: limits.sends_per_day,
    creditsPerMonth: limits.credits_per_month,
    waitSeconds,
    gone,
  };
}
