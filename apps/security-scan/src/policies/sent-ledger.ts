import type { InboxId, Tenant } from '@postern/contracts';
import type { SendingScope } from '../store/sent-count.store.js';
import { isRateLimit, type CountSent } from './apply-policies.js';
import type { PolicyInForce } from './policy.js';
import type { SentLately } from './types/rate-limit.js';

/** A message that is about to be ruled on, as far as limits are concerned. */
export interface RatedMessage extends Tenant {
  inboxId: InboxId;
  policies: readonly PolicyInForce[];
}

/** What the rate limits of some messages count, each scope once. */
export function scopesOf(messages: readonly RatedMessage[]): SendingScope[] {
  const scopes = messages.flatMap(({ organizationId, mode, policies }) =>
    policies.filter(isRateLimit).map(({ inboxId }) => ({ organizationId, mode, inboxId })),
  );
  return [...new Map(scopes.map((scope) => [keyOf(scope), scope])).values()];
}

/** Counts of scopes, which grow while a batch is ruled on. */
export class SentLedger {
  private readonly counts: Map<string, SentLately>;

  constructor(scopes: readonly SendingScope[], counts: readonly SentLately[]) {
    this.counts = new Map(scopes.map((scope, n) => [keyOf(scope), { hour: 0, day: 0, ...counts[n] }]));
  }

  /** @param takenIn  the message counts already, by an earlier version: it does not wait in line again. */
  countFor(tenant: Tenant, takenIn: boolean): CountSent {
    return ({ inboxId }) => (takenIn ? { hour: 0, day: 0 } : this.of({ ...tenant, inboxId }));
  }

  /** One more in each scope that the message belongs to. */
  add({ organizationId, mode, inboxId }: RatedMessage): void {
    for (const scope of [inboxId, null]) {
      const count = this.counts.get(keyOf({ organizationId, mode, inboxId: scope }));
      if (count === undefined) continue;
      count.hour += 1;
      count.day += 1;
    }
  }

  private of(scope: SendingScope): SentLately {
    return this.counts.get(keyOf(scope)) ?? { hour: 0, day: 0 };
  }
}

const keyOf = ({ organizationId, mode, inboxId }: SendingScope): string => [organizationId, mode, inboxId].join(' ');
