import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { CreditDesk } from './credit-desk.js';

/** The header X-Credits-Remaining of replies to authenticated calls. */
@Injectable()
export class CreditsHeader {
  constructor(private readonly desk: CreditDesk) {}

  /**
   * Makes sure that {@link valueFor} knows the account. Nothing is asked for an organization without a limit.
   * @throws AppError `unavailable` when the database is away.
   */
  async prepare(principal: Principal): Promise<void> {
    if (isCounted(principal)) await this.desk.show(principal.organizationId);
  }

  /** What remains at this moment, with the request's own reservation; null for calls without a key of an organization, or unknown. */
  valueFor(principal: Principal): string | null {
    if (principal.kind !== 'key') return null;
    const { credits_per_month: limit } = principal.limits;
    if (limit === null) return 'unlimited';
    // Test mode costs nothing, so all of a limit remains.
    if (!isCounted(principal)) return String(limit);
    const purse = this.desk.known(principal.organizationId);
    return purse === undefined ? null : String(purse.remaining ?? 'unlimited');
  }
}

const isCounted = (principal: Principal): principal is Extract<Principal, { kind: 'key' }> =>
  principal.kind === 'key' && principal.mode === 'live' && principal.limits.credits_per_month !== null;
